package dev.musicfs.chaos;

import dev.musicfs.testkit.Shell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** An OpenSSH server with keys of its own, as whoever runs the tests. */
final class SshServer implements AutoCloseable {
    private final Child child;
    private final Path dir;

    SshServer(Path dir) {
        this.dir = dir;
        Path config = dir.resolve("sshd_config");
        try {
            Files.createDirectories(dir);
            for (String key : List.of("host_key", "user_key")) {
                Shell.require(
                        "ssh-keygen",
                        "-q",
                        "-t",
                        "ed25519",
                        "-N",
                        "",
                        "-C",
                        key,
                        "-f",
                        dir.resolve(key).toString());
            }
            Files.writeString(config, config(dir));
            if (user().equals("root")) {
                Files.createDirectories(Path.of("/run/sshd"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // sshd starts itself again for every connection and wants its own path for that.
        String program = Program.require("sshd");
        this.child = Child.start(
                "sshd",
                dir,
                Map.of(),
                port -> List.of(program, "-D", "-e", "-f", config.toString(), "-p", Integer.toString(port)));
    }

    private static String config(Path dir) {
        return """
                ListenAddress 127.0.0.1
                HostKey %1$s/host_key
                AuthorizedKeysFile %1$s/user_key.pub
                PidFile none
                StrictModes no
                UsePAM no
                PasswordAuthentication no
                KbdInteractiveAuthentication no
                PermitRootLogin prohibit-password
                MaxStartups 1000
                MaxSessions 100
                UseDNS no
                LogLevel ERROR
                Subsystem sftp internal-sftp
                """
                .formatted(dir);
    }

    /** Who logs in. */
    static String user() {
        return System.getProperty("user.name");
    }

    /** The private key of the user. */
    Path userKey() {
        return dir.resolve("user_key");
    }

    /** A file of known hosts that has it under the given ports. */
    Path knownHosts(int... ports) {
        try {
            String key = Files.readString(dir.resolve("host_key.pub")).strip();
            StringBuilder lines = new StringBuilder();
            for (int port : ports) {
                lines.append("[127.0.0.1]:")
                        .append(port)
                        .append(' ')
                        .append(key)
                        .append('\n');
            }
            Path file = Files.createTempFile(dir, "known_hosts", "");
            return Files.writeString(file, lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where it listens. */
    String address() {
        return child.address();
    }

    /** Where it listens. */
    int port() {
        return child.port();
    }

    /** Stops it with all its connections, as a machine that hangs. */
    void freeze() {
        child.freeze();
    }

    /** Lets it go on. */
    void thaw() {
        child.thaw();
    }

    @Override
    public void close() {
        child.close();
    }
}
