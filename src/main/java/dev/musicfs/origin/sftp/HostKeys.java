package dev.musicfs.origin.sftp;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.sshd.client.config.hosts.KnownHostEntry;
import org.apache.sshd.client.keyverifier.KnownHostsServerKeyVerifier;
import org.apache.sshd.client.keyverifier.RejectAllServerKeyVerifier;
import org.apache.sshd.client.keyverifier.ServerKeyVerifier;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;
import org.apache.sshd.common.digest.BuiltinDigests;
import org.apache.sshd.common.util.net.SshdSocketAddress;

/** Decides whether a server is the one it should be. Nobody is ever trusted at first sight. */
final class HostKeys implements ServerKeyVerifier {
    private static final String FINGERPRINT = "SHA256:";

    private final SftpUrl url;
    private final Optional<String> expected;
    private final Path knownHosts;
    private final ServerKeyVerifier known;
    /** The type of the key that had the expected fingerprint, which says nothing of it. */
    private volatile String matchedType = "";

    /** With {@code expected}, a public key or a fingerprint, {@code knownHosts} is not looked at. */
    HostKeys(SftpUrl url, Optional<String> expected, Path knownHosts) {
        this.url = url;
        this.expected = expected;
        this.knownHosts = knownHosts;
        this.known = new KnownHosts(knownHosts);
    }

    /** The types of the keys that are known for the server: it is asked for one of those first, as {@code ssh} does. */
    Set<String> typesBlocking() {
        Set<String> types = new HashSet<>();
        if (expected.isPresent()) {
            types.add(isFingerprint() ? matchedType : expected.get().split(" ", 2)[0]);
            return types;
        }
        if (Files.exists(knownHosts)) {
            try {
                for (KnownHostEntry entry : KnownHostEntry.readKnownHostEntries(knownHosts)) {
                    if (entry.getMarker() == null && entry.isHostMatch(url.host(), url.port())) {
                        types.add(entry.getKeyEntry().getKeyType());
                    }
                }
            } catch (IOException | RuntimeException e) {
                // Then there is no preference, and the verification itself tells what is wrong with the file.
                types.clear();
            }
        }
        return types;
    }

    @Override
    public boolean verifyServerKey(ClientSession session, SocketAddress remote, PublicKey key) {
        if (expected.isEmpty()) {
            return known.verifyServerKey(session, remote, key);
        }
        if (matches(expected.get(), key)) {
            matchedType = KeyUtils.getKeyType(key);
            return true;
        }
        ConnectAttempt attempt = ConnectAttempt.of(session);
        if (attempt != null && isFingerprint()) {
            attempt.mismatch(KeyUtils.getKeyType(key));
        }
        refuse(
                session,
                "the host key of " + url + " is not the one in host_key but " + shown(key)
                        + "; somebody may be in between. If the server's key was changed on purpose, change host_key");
        return false;
    }

    private boolean isFingerprint() {
        return expected.isPresent() && expected.get().startsWith(FINGERPRINT);
    }

    private static boolean matches(String expected, PublicKey key) {
        if (expected.startsWith(FINGERPRINT)) {
            return KeyUtils.getFingerPrint(BuiltinDigests.sha256, key).equals(expected.replaceFirst("=+$", ""));
        }
        try {
            PublicKey wanted = PublicKeyEntry.parsePublicKeyEntry(expected)
                    .resolvePublicKey(null, java.util.Map.of(), PublicKeyEntryResolver.IGNORING);
            return KeyUtils.compareKeys(wanted, key);
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }

    private static String shown(PublicKey key) {
        return KeyUtils.getKeyType(key) + " " + KeyUtils.getFingerPrint(BuiltinDigests.sha256, key);
    }

    private static void refuse(ClientSession session, String why) {
        ConnectAttempt attempt = ConnectAttempt.of(session);
        if (attempt != null) {
            attempt.refuse(why);
        }
    }

    /** Asks a known_hosts file for the configured name, whatever its present address; never writes to it. */
    private final class KnownHosts extends KnownHostsServerKeyVerifier {
        KnownHosts(Path file) {
            super(RejectAllServerKeyVerifier.INSTANCE, file);
        }

        @Override
        protected Collection<SshdSocketAddress> resolveHostNetworkIdentities(
                ClientSession session, SocketAddress remote) {
            return List.of(new SshdSocketAddress(url.host(), url.port()));
        }

        @Override
        protected boolean acceptUnknownHostKey(ClientSession session, SocketAddress remote, PublicKey key) {
            refuse(
                    session,
                    "the host key of " + url + " is not known: " + shown(key) + ". Compare it with what ssh-keygen -lf"
                            + " says on the server, then add it with: ssh-keyscan -p " + url.port() + " " + url.host()
                            + " >> " + knownHosts + ", or set host_key");
            return false;
        }

        @Override
        protected boolean acceptIncompleteHostKeys(
                ClientSession session, SocketAddress remote, PublicKey key, Throwable reason) {
            refuse(session, "the host key of " + url + " cannot be checked with " + knownHosts + ": " + reason);
            return false;
        }

        @Override
        protected void handleRevokedKey(ClientSession session, SocketAddress remote, PublicKey key) {
            refuse(session, "the host key of " + url + ", " + shown(key) + ", is revoked in " + knownHosts);
        }

        @Override
        public boolean acceptModifiedServerKey(
                ClientSession session, SocketAddress remote, KnownHostEntry entry, PublicKey old, PublicKey now) {
            refuse(
                    session,
                    "the host key of " + url + " is not the one in " + knownHosts + " but " + shown(now)
                            + "; somebody may be in between. If the server's key was changed on purpose, remove the old"
                            + " one with: ssh-keygen -f " + knownHosts + " -R "
                            + (url.port() == 22 ? url.host() : "\"[" + url.host() + "]:" + url.port() + "\"")
                            + ", and add the new one");
            return false;
        }
    }
}
