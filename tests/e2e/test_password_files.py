"""Where commands read a password from: the input, or a file that has to be there."""

from tests.e2e.running import RunningSystem


def test_a_password_is_read_from_the_input_or_from_a_file_that_has_to_be_there(system: RunningSystem) -> None:
    system.api()
    about = ("create-admin", str(system.company), "--name", "Ada Admin")
    done = system.run(
        *about, "--email", "ada@input.example", "--password-file", "-", says="from the input 1\n"
    )
    assert (done.returncode, done.stdout) == (0, "ada@input.example can sign in.\n"), done.stderr
    missing = system.run(*about, "--email", "ada@file.example", "--password-file", "nowhere/password")
    assert missing.returncode == 1
    assert missing.stderr == "There is no file nowhere/password to read the password from.\n"
