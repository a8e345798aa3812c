package dev.musicfs.origin.sftp;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.origin.NameResolver;
import dev.musicfs.runtime.Clock;
import dev.musicfs.runtime.Deadline;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.auth.keyboard.UserAuthKeyboardInteractiveFactory;
import org.apache.sshd.client.auth.keyboard.UserInteraction;
import org.apache.sshd.client.auth.password.UserAuthPasswordFactory;
import org.apache.sshd.client.config.hosts.HostConfigEntryResolver;
import org.apache.sshd.client.future.AuthFuture;
import org.apache.sshd.client.future.ConnectFuture;
import org.apache.sshd.client.session.ClientConnectionServiceFactory;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.PropertyResolverUtils;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.cipher.BuiltinCiphers;
import org.apache.sshd.common.cipher.Cipher;
import org.apache.sshd.common.keyprovider.KeyIdentityProvider;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.sftp.SftpModuleProperties;

/** MINA's client, set up for one origin; makes its connections. */
final class SshConnector implements Connections.Connector {
    private static final long WINDOW_BYTES = 16 << 20;
    private static final int IO_THREADS = 2;

    /** A connection over which nothing came for this many heartbeats is closed. */
    private static final int SILENT_HEARTBEATS = 2;

    private static final Duration HEARTBEAT = Duration.ofSeconds(15);

    private final SftpTarget target;
    private final NameResolver names;
    private final Clock clock;
    private final HostKeys hostKeys;
    private final SshClient client;

    /** Makes the client and its threads. */
    SshConnector(SftpTarget target, NameResolver names, Clock clock) {
        this.target = target;
        this.names = names;
        this.clock = clock;
        this.hostKeys = new HostKeys(target.url(), target.hostKey(), target.knownHosts());
        client = SshClient.setUpDefaultClient();
        client.setHostConfigEntryResolver(HostConfigEntryResolver.EMPTY);
        client.setKeyIdentityProvider(KeyIdentityProvider.EMPTY_KEYS_PROVIDER);
        client.setServerKeyVerifier(hostKeys);
        client.addSessionListener(new SessionNotes(target));
        client.setServiceFactories(List.of(new LoginMethods.Factory(), ClientConnectionServiceFactory.INSTANCE));
        target.identities()
                .agentSocket()
                .ifPresent(socket -> client.setAgentFactory(new AgentSocket.Factory(socket, AgentSocket.PATIENCE)));
        client.setCipherFactories(fastestFirst(client.getCipherFactories()));
        if (target.legacyAlgorithms()) {
            LegacyAlgorithms.addTo(client);
        }
        client.setUserAuthFactories(List.of(
                new LoginKeys.Factory(client.getSignatureFactories(), target.legacyAlgorithms()),
                UserAuthPasswordFactory.INSTANCE,
                UserAuthKeyboardInteractiveFactory.INSTANCE));
        client.setUserInteraction(new PasswordPrompts());
        PropertyResolverUtils.updateProperty(client, UserInteraction.AUTO_DETECT_PASSWORD_PROMPT, false);
        // Off by default, which costs 40 ms in every exchange of small packets.
        CoreModuleProperties.TCP_NODELAY.set(client, true);
        CoreModuleProperties.WINDOW_SIZE.set(client, WINDOW_BYTES);
        CoreModuleProperties.NIO_WORKERS.set(client, IO_THREADS);
        CoreModuleProperties.HEARTBEAT_INTERVAL.set(client, HEARTBEAT);
        CoreModuleProperties.HEARTBEAT_REQUEST.set(client, "keepalive@openssh.com");
        CoreModuleProperties.HEARTBEAT_NO_REPLY_MAX.set(client, SILENT_HEARTBEATS);
        CoreModuleProperties.IDLE_TIMEOUT.set(client, Duration.ZERO);
        CoreModuleProperties.PASSWORD_PROMPTS.set(client, 1);
        client.start();
    }

    /** Ends the client and its threads; {@code done} runs when they are gone. */
    void stop(Runnable done) {
        client.close(true).addListener(closed -> done.run());
    }

    /**
     * With a fingerprint nobody can tell of which of the server's keys it is, so one after the other is asked for: before
     * the last of them is refused nothing secret is sent.
     */
    @Override
    public Connection connectBlocking(Deadline deadline) {
        Duration left = deadline.remaining();
        Deadline end = left.compareTo(target.timeout()) < 0 ? deadline : Deadline.in(target.timeout());
        Identities.Loaded identities = target.identities().loadBlocking();
        Set<String> others = new HashSet<>();
        while (true) {
            ConnectAttempt attempt = new ConnectAttempt(hostKeys.typesBlocking(), others);
            try {
                return connectBlocking(identities, attempt, end);
            } catch (MusicFsException e) {
                String type = attempt.mismatched();
                if (type == null || !attempt.hasOtherThan(type) || !others.add(type)) {
                    throw e;
                }
            }
        }
    }

    private Connection connectBlocking(Identities.Loaded identities, ConnectAttempt attempt, Deadline end) {
        ClientSession session = null;
        try {
            InetAddress address = resolveBlocking(end);
            session = reachBlocking(address, attempt, end);
            logInBlocking(session, identities, attempt, end);
            SftpModuleProperties.SFTP_CHANNEL_OPEN_TIMEOUT.set(session, atLeastOne(end));
            Connection connection = new Connection(session, openBlocking(session, attempt), clock);
            session = null;
            return connection;
        } catch (TimeoutException e) {
            throw late(e);
        } catch (IOException e) {
            if (end.expired()) {
                throw late(e);
            }
            String cause = attempt.cause();
            throw new MusicFsException(
                    FailureKind.UNAVAILABLE,
                    "Origin " + target.id() + ": no connection to " + target.url() + ": "
                            + (cause.isEmpty() ? e.getMessage() : cause),
                    e);
        } finally {
            if (session != null) {
                session.close(true);
            }
        }
    }

    private SftpChannel openBlocking(ClientSession session, ConnectAttempt attempt) throws IOException {
        try {
            return new SftpChannel(session);
        } catch (IOException | RuntimeException e) {
            String why = attempt.refusal();
            if (!why.isEmpty()) {
                throw new MusicFsException(FailureKind.REJECTED, "Origin " + target.id() + ": " + why, e);
            }
            throw e instanceof IOException io ? io : new SshException("there is no SFTP: " + e.getMessage(), e);
        }
    }

    private MusicFsException late(Exception e) {
        return new MusicFsException(
                FailureKind.TIMEOUT, "Origin " + target.id() + ": no connection to " + target.url() + " in time", e);
    }

    private InetAddress resolveBlocking(Deadline deadline) throws TimeoutException, IOException {
        Handoff<InetAddress> address = new Handoff<>(target.url().host());
        names.resolve(target.url().host()).onSuccess(address::complete).onFailure(address::fail);
        return address.takeBlocking(deadline, "the name of the host was not resolved in time");
    }

    private ClientSession reachBlocking(InetAddress address, ConnectAttempt attempt, Deadline deadline)
            throws TimeoutException, IOException {
        ConnectFuture connecting;
        try {
            connecting = client.connect(
                    target.url().user(), address.getHostAddress(), target.url().port(), attempt.context());
        } catch (IllegalStateException stopped) {
            throw lost(stopped);
        }
        try {
            Handoff.awaitBlocking(connecting, deadline, "no TCP connection in time");
        } catch (IOException | TimeoutException e) {
            connecting.cancel();
            // One that was made at the last moment after all.
            connecting.addListener(late -> {
                if (late.isConnected()) {
                    late.getSession().close(true);
                }
            });
            throw e;
        }
        if (!connecting.isConnected()) {
            throw lost(connecting.getException());
        }
        return connecting.getSession();
    }

    private void logInBlocking(
            ClientSession session, Identities.Loaded identities, ConnectAttempt attempt, Deadline deadline)
            throws TimeoutException, IOException {
        try {
            authenticateBlocking(session, identities, attempt, deadline);
        } catch (IOException | TimeoutException | RuntimeException e) {
            // A server whose key is refused loses its session, which may come before the login has begun or amid it.
            String why = attempt.refusal();
            if (!why.isEmpty()) {
                throw new MusicFsException(FailureKind.REJECTED, "Origin " + target.id() + ": " + why, e);
            }
            throw e;
        }
    }

    private void authenticateBlocking(
            ClientSession session, Identities.Loaded identities, ConnectAttempt attempt, Deadline deadline)
            throws TimeoutException, IOException {
        identities.keys().forEach(session::addPublicKeyIdentity);
        identities.password().ifPresent(session::addPasswordIdentity);
        AuthFuture loggingIn;
        try {
            loggingIn = session.auth();
            Handoff.awaitBlocking(loggingIn, deadline, "not logged in in time");
        } catch (IllegalStateException e) {
            throw lost(e);
        }
        if (loggingIn.isSuccess()) {
            return;
        }
        Throwable failure = loggingIn.getException();
        if (isRefusal(failure)) {
            throw new MusicFsException(FailureKind.REJECTED, refusal(identities, attempt), failure);
        }
        throw lost(failure);
    }

    private static boolean isRefusal(Throwable failure) {
        return failure instanceof SshException ssh
                && (ssh.getDisconnectCode() == SshConstants.SSH2_DISCONNECT_NO_MORE_AUTH_METHODS_AVAILABLE
                        || String.valueOf(ssh.getMessage()).contains("Too many authentication failures"));
    }

    private String refusal(Identities.Loaded identities, ConnectAttempt attempt) {
        List<String> tried = new ArrayList<>();
        if (!identities.keys().isEmpty()) {
            tried.add(
                    identities.keys().size() == 1
                            ? "one private key"
                            : identities.keys().size() + " private keys");
        }
        target.identities().agentSocket().ifPresent(socket -> tried.add("the agent at " + socket));
        identities.password().ifPresent(password -> tried.add("a password"));
        String what = tried.isEmpty()
                ? "there is nothing to log in with; set identity_file, or password_file"
                : "tried " + String.join(", ", tried);
        StringBuilder refusal =
                new StringBuilder("Origin " + target.id() + ": " + target.url() + " refuses the login: " + what);
        if (!attempt.methods().isEmpty()) {
            refusal.append("; the server offers ").append(String.join(", ", attempt.methods()));
        }
        if (!attempt.cause().isEmpty()) {
            refusal.append("; ").append(attempt.cause());
        }
        identities.remarks().forEach(remark -> refusal.append("; ").append(remark));
        return refusal.toString();
    }

    private static IOException lost(@org.jspecify.annotations.Nullable Throwable e) {
        return e instanceof IOException io ? io : new SshException("the connection was lost", e);
    }

    // ChaCha20 and the CTR modes with a separate MAC make less than half of AES-GCM's 250 MB/s.
    private static List<NamedFactory<Cipher>> fastestFirst(List<NamedFactory<Cipher>> ciphers) {
        List<NamedFactory<Cipher>> sorted =
                new ArrayList<>(List.of(BuiltinCiphers.aes128gcm, BuiltinCiphers.aes256gcm));
        ciphers.stream().filter(cipher -> !sorted.contains(cipher)).toList().forEach(sorted::add);
        return sorted;
    }

    private static Duration atLeastOne(Deadline deadline) {
        return deadline.expired() ? Duration.ofMillis(1) : deadline.remaining();
    }
}
