package dev.musicfs.origin.sftp;

import dev.musicfs.config.Secret;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What to log in with. Keys and secrets are read anew for every connection, so that they can be changed while the daemon
 * runs.
 *
 * @param identityFile a private key; in its absence those of {@code directory} with the usual names are tried
 * @param directory normally {@code ~/.ssh}
 * @param passphrase of the private key
 * @param password for servers that want one
 * @param agentSocket where an SSH agent listens
 */
record Identities(
        Optional<Path> identityFile,
        Path directory,
        Optional<Secret> passphrase,
        Optional<Secret> password,
        Optional<Path> agentSocket) {
    private static final List<String> USUAL = List.of("id_ed25519", "id_ecdsa", "id_rsa");

    /** What could be read, and why the rest could not. */
    record Loaded(List<KeyPair> keys, Optional<String> password, List<String> remarks) {}

    /**
     * A configured key that cannot be used is {@code REJECTED}; one of the usual names is passed over, as {@code ssh}
     * does, with a remark for the case that nothing else will do.
     */
    Loaded loadBlocking() {
        List<KeyPair> keys = new ArrayList<>();
        List<String> remarks = new ArrayList<>();
        if (identityFile.isPresent()) {
            keys.addAll(keysBlocking(identityFile.get(), remarks));
        } else {
            for (String name : USUAL) {
                Path file = directory.resolve(name);
                if (Files.exists(file)) {
                    try {
                        keys.addAll(keysBlocking(file, remarks));
                    } catch (MusicFsException e) {
                        remarks.add(String.valueOf(e.getMessage()));
                    }
                }
            }
        }
        return new Loaded(keys, password.map(Secret::readBlocking), remarks);
    }

    private List<KeyPair> keysBlocking(Path file, List<String> remarks) {
        Optional<String> secret = passphrase.map(Secret::readBlocking);
        try {
            if (Secret.isOpenToOthersBlocking(file)) {
                throw refused("the private key " + file + " can be read by others; chmod 600 " + file, null);
            }
            List<KeyPair> found = KeyFiles.keysBlocking(file, secret);
            if (found.isEmpty()) {
                throw refused("there is no private key in " + file, null);
            }
            List<KeyPair> keys = new ArrayList<>();
            certificateBlocking(file, found, remarks).ifPresent(keys::add);
            keys.addAll(found);
            return keys;
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            if (e instanceof MusicFsException ours) {
                throw ours;
            }
            throw refused(
                    "the private key " + file + " cannot be used"
                            + (secret.isPresent()
                                    ? "; perhaps the passphrase is wrong"
                                    : "; if it is encrypted, passphrase_file must be given")
                            + ": " + e,
                    e);
        }
    }

    /** One that cannot be used is passed over, as {@code ssh} does. */
    private static Optional<KeyPair> certificateBlocking(Path file, List<KeyPair> keys, List<String> remarks) {
        try {
            return KeyFiles.certificateBlocking(file, keys);
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            remarks.add("the certificate of " + file + " cannot be used: " + e.getMessage());
            return Optional.empty();
        }
    }

    private static MusicFsException refused(String message, @org.jspecify.annotations.Nullable Throwable cause) {
        return new MusicFsException(FailureKind.REJECTED, message, cause);
    }
}
