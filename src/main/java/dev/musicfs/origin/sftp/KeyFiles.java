package dev.musicfs.origin.sftp;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;
import org.apache.sshd.common.util.io.resource.PathResource;
import org.apache.sshd.common.util.security.SecurityUtils;

/** Private keys as OpenSSH and OpenSSL write them, and the certificates beside them. Blocking. */
final class KeyFiles {
    private static final int LARGEST_BYTES = 256 << 10;

    private KeyFiles() {}

    /** The keys of a file; fails with what is wrong with it, or with the passphrase. */
    static List<KeyPair> keysBlocking(Path file, Optional<String> passphrase)
            throws IOException, GeneralSecurityException {
        // As it may have been copied by way of Windows.
        String text = textBlocking(file).replace("\r", "");
        List<KeyPair> keys = new ArrayList<>();
        try (InputStream in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8))) {
            Iterable<KeyPair> found = SecurityUtils.loadKeyPairIdentities(
                    null,
                    new PathResource(file),
                    in,
                    passphrase.map(FilePasswordProvider::of).orElse(FilePasswordProvider.EMPTY));
            if (found != null) {
                found.forEach(keys::add);
            }
        }
        return keys;
    }

    /**
     * The certificate that lies beside a private key as {@code KEY-cert.pub}, with the private key; empty when there is
     * none. Fails when it cannot be read or is of another key.
     */
    static Optional<KeyPair> certificateBlocking(Path file, List<KeyPair> keys)
            throws IOException, GeneralSecurityException {
        Path beside = file.resolveSibling(file.getFileName() + "-cert.pub");
        if (!Files.isRegularFile(beside)) {
            return Optional.empty();
        }
        PublicKey found = PublicKeyEntry.parsePublicKeyEntry(
                        textBlocking(beside).strip())
                .resolvePublicKey(null, Map.of(), PublicKeyEntryResolver.FAILING);
        if (!(found instanceof OpenSshCertificate certificate)) {
            throw new IOException(beside + " is no certificate");
        }
        for (KeyPair key : keys) {
            if (KeyUtils.compareKeys(certificate.getCertPubKey(), key.getPublic())) {
                return Optional.of(new KeyPair(found, key.getPrivate()));
            }
        }
        throw new IOException(beside + " is the certificate of another key");
    }

    private static String textBlocking(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(LARGEST_BYTES + 1);
            if (bytes.length > LARGEST_BYTES) {
                throw new IOException("a key of more than " + LARGEST_BYTES + " bytes");
            }
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }
}
