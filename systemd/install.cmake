# Runs at install time, so that `cmake --install --prefix …` and DESTDIR say where things are: the
# unit names the real binary, and a config that is already there stays as it is.
# Takes WIREWATCH_SYSTEMD_SOURCE and _BUILD, and BINDIR, DATADIR, DOCDIR as GNUInstallDirs gives them.

function(full result folder)
  if(NOT IS_ABSOLUTE "${folder}")
    set(folder "${CMAKE_INSTALL_PREFIX}/${folder}")
  endif()
  set(${result} "${folder}" PARENT_SCOPE)
endfunction()

full(WIREWATCH_BINDIR "${BINDIR}")
full(WIREWATCH_DOCDIR "${DOCDIR}")
full(data "${DATADIR}")
# /etc/wirewatch is where the binary looks and what ConfigurationDirectory= means. A prefix that is
# not the system's (a trial in a home, say) keeps to itself.
if(CMAKE_INSTALL_PREFIX MATCHES "^/(usr(/local)?|opt(/.*)?)?/?$")
  set(WIREWATCH_CONFDIR /etc/wirewatch)
else()
  set(WIREWATCH_CONFDIR "${CMAKE_INSTALL_PREFIX}/etc/wirewatch")
endif()

set(made "${WIREWATCH_SYSTEMD_BUILD}/made")
set(from "${WIREWATCH_SYSTEMD_SOURCE}")
configure_file("${from}/wirewatch.service.in" "${made}/wirewatch.service" @ONLY)
configure_file("${from}/tmpfiles.conf.in" "${made}/tmpfiles/wirewatch.conf" @ONLY)
configure_file("${from}/sysusers.conf" "${made}/sysusers/wirewatch.conf" COPYONLY)
file(READ "${from}/config.yaml" config)
string(REPLACE "/usr/share/wirewatch" "${data}/wirewatch" config "${config}")
string(REPLACE "/etc/wirewatch" "${WIREWATCH_CONFDIR}" config "${config}")
file(WRITE "${made}/config.yaml" "${config}")

# The folders that systemd reads under any prefix are called lib, whatever the libraries' is.
set(lib "${CMAKE_INSTALL_PREFIX}/lib")
file(INSTALL "${made}/wirewatch.service" DESTINATION "${lib}/systemd/system")
file(INSTALL "${made}/sysusers/wirewatch.conf" DESTINATION "${lib}/sysusers.d")
file(INSTALL "${made}/tmpfiles/wirewatch.conf" DESTINATION "${lib}/tmpfiles.d")
if(EXISTS "$ENV{DESTDIR}${WIREWATCH_CONFDIR}/config.yaml")
  message(STATUS "Kept as it is: $ENV{DESTDIR}${WIREWATCH_CONFDIR}/config.yaml")
else()
  file(INSTALL "${made}/config.yaml" DESTINATION "${WIREWATCH_CONFDIR}")
endif()
# For `include: [feeds.d, rules.d]`.
file(MAKE_DIRECTORY "$ENV{DESTDIR}${WIREWATCH_CONFDIR}/feeds.d"
                    "$ENV{DESTDIR}${WIREWATCH_CONFDIR}/rules.d")
