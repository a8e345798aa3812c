package dev.musicfs.config;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where a password or key is. It is read when it is needed and shown nowhere.
 *
 * @param source what {@code name} names
 * @param name a variable, an absolute path, or the name of a systemd credential
 */
public record Secret(Source source, String name) {
    private static final long MAX_BYTES = 64 << 10;
    private static final Set<PosixFilePermission> OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    /** Where secrets may be. */
    public enum Source {
        /** A variable of the daemon's environment. */
        ENV,
        /** A file that only its owner may read or write. */
        FILE,
        /** A file in {@code $CREDENTIALS_DIRECTORY}, as systemd's {@code LoadCredential=} makes it. */
        CREDENTIAL
    }

    /** The file that holds it, when somebody named one; that of a credential is systemd's. */
    public Optional<Path> file() {
        return source == Source.FILE ? Optional.of(Path.of(name)) : Optional.empty();
    }

    /** {@link #readBlocking(Map)} with the environment of this process. */
    public String readBlocking() {
        return readBlocking(System.getenv());
    }

    /**
     * The secret itself, without line ends after it.
     *
     * @throws MusicFsException {@code REJECTED} when it is not there, too large, or others may read it
     */
    String readBlocking(Map<String, String> environment) {
        return switch (source) {
            case ENV -> {
                String value = environment.get(name);
                if (value == null) {
                    throw refused("the variable " + name + ", which should hold a secret, is not set", null);
                }
                yield value;
            }
            case FILE -> ofFile(Path.of(name), true);
            case CREDENTIAL -> {
                String directory = environment.get("CREDENTIALS_DIRECTORY");
                if (directory == null) {
                    throw refused(
                            "there is no credential " + name + ": systemd has set no CREDENTIALS_DIRECTORY", null);
                }
                // systemd itself decides who may read there.
                yield ofFile(Path.of(directory).resolve(name), false);
            }
        };
    }

    /** Whether others than its owner may read or write this file, so that no secret is taken from it. */
    public static boolean isOpenToOthersBlocking(Path file) throws IOException {
        return !Collections.disjoint(Files.getPosixFilePermissions(file), OTHERS);
    }

    private static String ofFile(Path file, boolean checked) {
        try {
            if (checked && isOpenToOthersBlocking(file)) {
                throw refused("the secret in " + file + " can be read by others; chmod 600 " + file, null);
            }
            if (Files.size(file) > MAX_BYTES) {
                throw refused("the file " + file + " is too large for a secret", null);
            }
            return Files.readString(file).stripTrailing();
        } catch (IOException | InvalidPathException e) {
            throw refused("the secret in " + file + " cannot be read: " + e, e);
        }
    }

    private static MusicFsException refused(String message, @org.jspecify.annotations.Nullable Throwable cause) {
        return new MusicFsException(FailureKind.REJECTED, message, cause);
    }
}
