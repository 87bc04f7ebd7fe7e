"""An installed wirewatch: every file in its place, a unit that holds it tightly, a config kept."""
import os
import subprocess
import unittest

import installed

FILES = ["bin/wirewatch", "lib/systemd/system/wirewatch.service", "lib/sysusers.d/wirewatch.conf",
         "lib/tmpfiles.d/wirewatch.conf", "share/wirewatch/packs/iraq-syria.yaml",
         "share/doc/wirewatch/README.md", "share/doc/wirewatch/docs/rules.md",
         "share/doc/wirewatch/docs/examples/iraq-syria.yaml"]
# The units that every unit needs, for a root without a systemd of its own.
TARGETS = ["sysinit", "basic", "shutdown", "multi-user", "network-online"]


def run(*command):
    return subprocess.run([str(part) for part in command], capture_output=True, text=True,
                          check=False)


class Install(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.root = installed.Root()
        cls.root.install()

    @classmethod
    def tearDownClass(cls):
        cls.root.__exit__()

    def test_every_file_is_in_its_place(self):
        for file in FILES:
            self.assertTrue((self.root / ("usr/" + file)).is_file(), file)
        for folder in ("etc/wirewatch/feeds.d", "etc/wirewatch/rules.d"):
            self.assertTrue((self.root / folder).is_dir(), folder)

    def test_the_installed_binary_runs(self):
        done = run(self.root / "usr/bin/wirewatch", "--version")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertRegex(done.stdout, r"^wirewatch [0-9]+\.[0-9]+\.[0-9]+\n$")

    def test_the_installed_config_is_good(self):
        done = run(self.root / "usr/bin/wirewatch", "check", "--config",
                   self.root / "etc/wirewatch/config.yaml")
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_an_edited_config_outlives_a_second_install(self):
        with installed.Root() as root:
            root.install()
            config = root / "etc/wirewatch/config.yaml"
            config.write_text("listen: off\n", encoding="utf-8")
            said = root.install()
            self.assertEqual(config.read_text(encoding="utf-8"), "listen: off\n")
            self.assertIn("Kept as it is: %s" % config, said)

    def test_the_unit_names_what_was_installed_under_any_prefix(self):
        cases = [("/usr", "/etc/wirewatch"), ("/usr/local", "/etc/wirewatch"),
                 ("/srv/trial", "/srv/trial/etc/wirewatch")]
        for prefix, folder in cases:
            with self.subTest(prefix), installed.Root() as root:
                root.install(prefix)
                text = root.unit(prefix).read_text(encoding="utf-8")
                self.assertIn("\nExecStart=%s/bin/wirewatch run --config %s/config.yaml\n"
                              % (prefix, folder), text)
                self.assertNotIn("@", text.replace("@system-service", "").replace(
                    "@privileged @resources", ""))
                config = (root / (folder + "/config.yaml")).read_text(encoding="utf-8")
                self.assertIn("%s/share/wirewatch/packs/iraq-syria.yaml" % prefix, config)
                self.assertIn("url_file: %s/secrets/slack" % folder, config)

    def test_the_unit_is_exposed_at_most_1_3(self):
        command = ["systemd-analyze", "security", "--offline=true", "--no-pager", "--threshold=13"]
        done = run(*command, self.root.unit())
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        loose = self.root / "loose.service"
        loose.write_text(self.root.unit().read_text(encoding="utf-8").replace("PrivateUsers=yes", ""),
                         encoding="utf-8")
        done = run(*command, loose)
        self.assertNotEqual(done.returncode, 0, "the threshold lets everything pass")

    def verify(self, unit):
        done = run("systemd-analyze", "verify", "--man=no", "--recursive-errors=no",
                   "--root=%s" % self.root.path, unit)
        return done.returncode, done.stdout + done.stderr

    def test_systemd_takes_every_line_of_the_unit(self):
        units = self.root.unit().parent
        for target in TARGETS:
            (units / (target + ".target")).write_text("[Unit]\nDescription=%s\n" % target)
        self.assertEqual(self.verify("wirewatch.service"), (0, ""))
        text = self.root.unit().read_text(encoding="utf-8")
        (units / "typo.service").write_text(text.replace("\nMemoryMax=", "\nMemroyMax="))
        self.assertIn("MemroyMax", self.verify("typo.service")[1])

    def test_every_line_of_the_unit_has_its_reason_above(self):
        reason = False
        for line in self.root.unit().read_text(encoding="utf-8").splitlines():
            if line.startswith(("[", "Description=", "Documentation=")) or not line:
                reason = line == "[Install]"
            elif line.startswith("#"):
                reason = True
            else:
                self.assertTrue(reason, line)

    @unittest.skipUnless(os.geteuid() == 0, "making users, even in a folder, needs root")
    def test_the_user_and_the_secrets_folder_are_made(self):
        with installed.Root() as root:
            root.install()
            done = run("systemd-sysusers", "--root=%s" % root.path, "wirewatch.conf")
            self.assertEqual(done.returncode, 0, done.stderr)
            user = (root / "etc/passwd").read_text().splitlines()[-1].split(":")
            self.assertEqual((user[0], user[5], user[6]),
                             ("wirewatch", "/var/lib/wirewatch", "/usr/sbin/nologin"))
            self.assertEqual(user[0], root.setting("User"))
            done = run("systemd-tmpfiles", "--root=%s" % root.path, "--create", "wirewatch.conf")
            self.assertEqual(done.returncode, 0, done.stderr)
            secrets = (root / "etc/wirewatch/secrets").stat()
            self.assertEqual((oct(secrets.st_mode & 0o7777), secrets.st_uid, secrets.st_gid),
                             ("0o2750", 0, int(user[3])))


if __name__ == "__main__":
    unittest.main(verbosity=2)
