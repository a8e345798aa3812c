package dev.musicfs.origin.sftp;

import static dev.musicfs.testkit.Outcomes.await;
import static dev.musicfs.testkit.Outcomes.failure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.config.Secret;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.OriginId;
import dev.musicfs.origin.BackendContext;
import dev.musicfs.origin.NameResolver;
import dev.musicfs.runtime.Clock;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.ExecutorPools;
import dev.musicfs.runtime.Polling;
import dev.musicfs.testkit.Deadlines;
import dev.musicfs.testkit.TestingNames;
import dev.musicfs.testkit.TestingVertx;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.PublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.certificate.OpenSshCertificateBuilder;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyEncryptionContext;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.digest.BuiltinDigests;
import org.apache.sshd.common.kex.BuiltinDHFactories;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SshLoginTest {
    private final Vertx vertx = TestingVertx.start();

    @TempDir
    private Path temp;

    private Path knownHosts;
    private TestingSshServer server;

    @BeforeEach
    void start() throws Exception {
        knownHosts = temp.resolve("known_hosts");
        server = new TestingSshServer(temp.resolve("home"));
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        await(vertx.close());
    }

    @Test
    void refusesAServerWhoseKeyIsUnknownAndSaysHowToAddIt() throws Exception {
        MusicFsException refusal = refusal(byPassword(Optional.empty()));

        assertThat(refusal.kind()).isEqualTo(FailureKind.REJECTED);
        assertThat(refusal)
                .hasMessageContaining(KeyUtils.getFingerPrint(
                        BuiltinDigests.sha256, server.hostKey().getPublic()))
                .hasMessageContaining("ssh-keyscan -p " + server.port() + " 127.0.0.1 >> " + knownHosts);
        assertThat(knownHosts).doesNotExist();
    }

    @Test
    void takesAKeyThatWasAddedMeanwhileAndRefusesAChangedOne() throws Exception {
        SftpOrigin origin = origin(byPassword(Optional.empty()), TestingNames.LITERAL);
        assertThat(failure(origin.probe(Deadlines.generous())))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(FailureKind.REJECTED));
        Files.writeString(knownHosts, server.knownHostsLine(server.hostKey()));
        await(origin.probe(Deadlines.generous()));

        int port = server.port();
        server.close();
        server = new TestingSshServer(temp.resolve("home"), port, TestingSshServer.newKey());
        MusicFsException refusal = failure(origin.probe(Deadlines.generous()));

        assertThat(refusal.kind()).isEqualTo(FailureKind.REJECTED);
        assertThat(refusal).hasMessageContaining("somebody may be in between").hasMessageContaining("ssh-keygen -f");
        await(origin.stop());
    }

    @Test
    void asksForTheTypeOfKeyThatIsKnown() throws Exception {
        server.close();
        KeyPair rsa = TestingSshServer.newRsaKey();
        server = new TestingSshServer(temp.resolve("home"), 0, TestingSshServer.newKey(), rsa);
        Files.writeString(knownHosts, server.knownHostsLine(rsa));

        succeeds(byPassword(Optional.empty()));
    }

    @Test
    void takesTheConfiguredHostKeyOrItsFingerprintAndNoOther() throws Exception {
        PublicKey key = server.hostKey().getPublic();
        Files.writeString(knownHosts, server.knownHostsLine(server.hostKey()));

        succeeds(byPassword(Optional.of(server.hostKeyText())));
        succeeds(byPassword(Optional.of(KeyUtils.getFingerPrint(BuiltinDigests.sha256, key))));
        String other = PublicKeyEntry.toString(TestingSshServer.newKey().getPublic());
        MusicFsException refusal = refusal(byPassword(Optional.of(other)));
        assertThat(refusal.kind()).isEqualTo(FailureKind.REJECTED);
        assertThat(refusal).hasMessageContaining("is not the one in host_key");
    }

    @Test
    void takesTheFingerprintOfAnyOfTheServersKeys() throws Exception {
        server.close();
        KeyPair ed25519 = KeyUtils.generateKeyPair(KeyPairProvider.SSH_ED25519, 256);
        List<KeyPair> keys = List.of(TestingSshServer.newKey(), TestingSshServer.newRsaKey(), ed25519);
        server = new TestingSshServer(temp.resolve("home"), 0, keys.toArray(KeyPair[]::new));

        for (KeyPair key : keys) {
            succeeds(byPassword(Optional.of(KeyUtils.getFingerPrint(BuiltinDigests.sha256, key.getPublic()))));
            succeeds(byPassword(Optional.of(PublicKeyEntry.toString(key.getPublic()))));
        }
        String other = KeyUtils.getFingerPrint(
                BuiltinDigests.sha256, TestingSshServer.newKey().getPublic());
        assertThat(refusal(byPassword(Optional.of(other))).kind()).isEqualTo(FailureKind.REJECTED);
    }

    @Test
    void answersTheOnlyQuestionWithThePassword() throws Exception {
        server.asks("Passwort: ");
        succeeds(byPassword(Optional.of(server.hostKeyText())));

        Identities wrong = TestingSshServer.password(temp, "wrong");
        assertThat(refusal(server.target(Optional.of(server.hostKeyText()), knownHosts, wrong)))
                .hasMessageContaining("the server offers keyboard-interactive");
    }

    @Test
    void saysWhatAServerAsksToWhichThereIsNoAnswer() throws Exception {
        server.asks("Password: ", "Verification code: ");
        MusicFsException refusal = refusal(byPassword(Optional.of(server.hostKeyText())));

        assertThat(refusal.kind()).isEqualTo(FailureKind.REJECTED);
        assertThat(refusal).hasMessageContaining("Verification code");
    }

    @Test
    @SuppressWarnings("deprecation") // which is the point
    void usesAnOldExchangeOfKeysOnlyIfThatIsAllowed() throws Exception {
        server.exchangesOnly(BuiltinDHFactories.dhg14);
        SftpTarget allowed = byPassword(Optional.of(server.hostKeyText()));
        SftpTarget forbidden = new SftpTarget(
                allowed.id(),
                allowed.url(),
                allowed.timeout(),
                allowed.concurrency(),
                allowed.hostKey(),
                allowed.knownHosts(),
                allowed.identities(),
                false,
                TestingSshServer.LIMITS);

        succeeds(allowed);
        assertThat(refusal(forbidden))
                .hasMessageContaining("diffie-hellman-group14-sha1")
                .hasMessageContaining("legacy_algorithms");
    }

    @Test
    void saysWhatAServerPrintsWhereSftpShouldBegin() throws Exception {
        server.greeting = "Welcome to the NAS\n";
        MusicFsException refusal = refusal(byPassword(Optional.of(server.hostKeyText())));

        assertThat(refusal.kind()).isEqualTo(FailureKind.REJECTED);
        assertThat(refusal).hasMessageContaining("\"Welcome to the NAS\"").hasMessageContaining(".bashrc");
    }

    @Test
    void logsInWithTheCertificateBesideTheKey() throws Exception {
        KeyPair key = TestingSshServer.newKey();
        KeyPair authority = TestingSshServer.newRsaKey();
        Path file = keyFile("id_test", key, null, "rw-------");
        OpenSshCertificate certificate = OpenSshCertificateBuilder.userCertificate()
                .id("me")
                .serial(1)
                .publicKey(key.getPublic())
                .principals(List.of(TestingSshServer.USER))
                .sign(authority, "rsa-sha2-512");
        server.authorised.add(certificate);
        assertThat(refusal(byKey(Optional.of(file), Optional.empty())).kind()).isEqualTo(FailureKind.REJECTED);

        Files.writeString(temp.resolve("id_test-cert.pub"), PublicKeyEntry.toString(certificate) + " me\n");
        succeeds(byKey(Optional.of(file), Optional.empty()));

        keyFile("id_test", TestingSshServer.newKey(), null, "rw-------");
        assertThat(refusal(byKey(Optional.of(file), Optional.empty())))
                .hasMessageContaining("is the certificate of another key");
    }

    @Test
    void readsKeysInPkcs8AndWithWindowsLineEnds() throws Exception {
        for (String type : List.of("rsa", "ecdsa")) {
            Path file = temp.resolve("pkcs8-" + type);
            run("ssh-keygen", "-q", "-t", type, "-m", "PKCS8", "-N", "p\u00e4ss w\u00f6rd", "-f", file.toString());
            server.authorised.add(publicKey(file));
            Path passphrase = Files.writeString(temp.resolve("passphrase"), "p\u00e4ss w\u00f6rd\n");
            Files.setPosixFilePermissions(passphrase, PosixFilePermissions.fromString("rw-------"));
            Optional<Secret> secret = Optional.of(new Secret(Secret.Source.FILE, passphrase.toString()));

            succeeds(byKey(Optional.of(file), secret));
            assertThat(refusal(byKey(Optional.of(file), Optional.empty())))
                    .hasMessageContaining("passphrase_file must be given");
            Files.writeString(passphrase, "another\n");
            assertThat(refusal(byKey(Optional.of(file), secret)))
                    .hasMessageContaining("perhaps the passphrase is wrong");
        }
        KeyPair key = TestingSshServer.newKey();
        Path file = keyFile("id_test", key, null, "rw-------");
        Files.writeString(file, Files.readString(file).replace("\n", "\r\n"));
        server.authorised.add(key.getPublic());
        succeeds(byKey(Optional.of(file), Optional.empty()));
    }

    @Test
    void saysWhatWasTriedWhenTheServerRefusesTheLogin() throws Exception {
        Identities wrong = TestingSshServer.password(temp, "wrong");
        MusicFsException refusal = refusal(server.target(Optional.of(server.hostKeyText()), knownHosts, wrong));

        assertThat(refusal.kind()).isEqualTo(FailureKind.REJECTED);
        assertThat(refusal).hasMessageContaining("refuses the login: tried a password");
    }

    @Test
    void logsInWithAPrivateKey() throws Exception {
        KeyPair key = TestingSshServer.newKey();
        Path file = keyFile("id_test", key, null, "rw-------");

        assertThat(refusal(byKey(Optional.of(file), Optional.empty())).kind()).isEqualTo(FailureKind.REJECTED);
        server.authorised.add(key.getPublic());
        succeeds(byKey(Optional.of(file), Optional.empty()));
    }

    @Test
    void logsInWithAnEncryptedKeyAndItsPassphrase() throws Exception {
        KeyPair key = TestingSshServer.newKey();
        server.authorised.add(key.getPublic());
        Path file = keyFile("id_test", key, "secret words", "rw-------");
        Path passphrase = Files.writeString(temp.resolve("passphrase"), "secret words\n");
        Files.setPosixFilePermissions(passphrase, PosixFilePermissions.fromString("rw-------"));

        succeeds(byKey(Optional.of(file), Optional.of(new Secret(Secret.Source.FILE, passphrase.toString()))));
        assertThat(refusal(byKey(Optional.of(file), Optional.empty())))
                .hasMessageContaining("passphrase_file must be given");
    }

    @Test
    void refusesAPrivateKeyThatOthersMayRead() throws Exception {
        KeyPair key = TestingSshServer.newKey();
        server.authorised.add(key.getPublic());
        Path file = keyFile("id_test", key, null, "rw-r-----");

        MusicFsException refusal = refusal(byKey(Optional.of(file), Optional.empty()));
        assertThat(refusal.kind()).isEqualTo(FailureKind.REJECTED);
        assertThat(refusal).hasMessageContaining("chmod 600 " + file);
        assertThat(server.sessions).hasValue(0);
    }

    @Test
    void triesTheUsualKeysAndPassesOverThoseItMayNotUse() throws Exception {
        KeyPair key = TestingSshServer.newKey();
        server.authorised.add(key.getPublic());
        keyFile("id_rsa", TestingSshServer.newRsaKey(), null, "rw-r--r--");
        assertThat(refusal(byKey(Optional.empty(), Optional.empty())))
                .hasMessageContaining("nothing to log in with")
                .hasMessageContaining("id_rsa can be read by others");

        keyFile("id_ecdsa", key, null, "rw-------");
        succeeds(byKey(Optional.empty(), Optional.empty()));
    }

    @Test
    void logsInWithTheKeysOfAnAgent() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/ssh-agent")), "ssh-agent is not installed");
        Path socket = temp.resolve("agent");
        Process agent = new ProcessBuilder("ssh-agent", "-D", "-a", socket.toString()).start();
        try {
            agent.getInputStream().read();
            KeyPair rsa = TestingSshServer.newRsaKey();
            addToAgent(socket, keyFile("id_agent", rsa, null, "rw-------"));
            server.authorised.add(rsa.getPublic());

            // The server takes RSA only with SHA-2, for which the agent has to be asked.
            succeeds(byAgent(socket));
            server.authorised.clear();
            assertThat(refusal(byAgent(socket))).hasMessageContaining("tried the agent at " + socket);
        } finally {
            agent.destroy();
            assertThat(agent.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** Servers count the keys that they are shown; OpenSSH takes six. */
    @Test
    void showsTheConfiguredKeyBeforeThoseOfTheAgent() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/ssh-agent")), "ssh-agent is not installed");
        Path socket = temp.resolve("agent");
        Process agent = new ProcessBuilder("ssh-agent", "-D", "-a", socket.toString()).start();
        try {
            agent.getInputStream().read();
            for (int i = 0; i < 3; i++) {
                addToAgent(socket, keyFile("id_agent" + i, TestingSshServer.newKey(), null, "rw-------"));
            }
            KeyPair key = TestingSshServer.newKey();
            server.authorised.add(key.getPublic());
            Path file = keyFile("id_test", key, null, "rw-------");

            succeeds(server.target(
                    Optional.of(server.hostKeyText()),
                    knownHosts,
                    new Identities(Optional.of(file), temp, Optional.empty(), Optional.empty(), Optional.of(socket))));
            assertThat(server.shown).containsExactly(key.getPublic());
        } finally {
            agent.destroy();
            assertThat(agent.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void passesOverAnAgentThatIsGoneOrHangs() throws Exception {
        Path socket = temp.resolve("agent");
        AgentSocket.Factory factory = new AgentSocket.Factory(socket, Duration.ofMillis(200));
        assertThat(factory.createClient(null, null)).isNull();
        try (ServerSocketChannel hung = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            hung.bind(UnixDomainSocketAddress.of(socket));
            assertThat(factory.createClient(null, null)).isNull();
        }
    }

    @Test
    void aServerThatSaysNothingCostsNoMoreThanTheDeadline() throws Exception {
        try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            SftpOrigin origin = origin(at("127.0.0.1", mute.getLocalPort()), TestingNames.LITERAL);
            assertThat(failure(origin.probe(Deadline.in(Duration.ofMillis(300))))
                            .kind())
                    .isEqualTo(FailureKind.TIMEOUT);
            assertThat(origin.gauges()).isEqualTo(new Connections.Gauges(0, 0, 0, 0));
            await(origin.stop());
        }
    }

    @Test
    void aServerThatIsAwayIsUnavailableAndIsFoundWhenItIsBack() throws Exception {
        int port = server.port();
        SftpOrigin origin = origin(byPassword(Optional.of(server.hostKeyText())), TestingNames.LITERAL);
        server.close();
        await(origin.start());
        assertThat(failure(origin.probe(Deadlines.generous())).kind()).isEqualTo(FailureKind.UNAVAILABLE);

        server = new TestingSshServer(temp.resolve("home"), port, server.hostKey());
        await(origin.probe(Deadlines.generous()));
        await(origin.stop());
    }

    @Test
    void aDeadNameServiceIsToldApart() throws Exception {
        SftpOrigin origin = origin(at("nas.invalid", 22), TestingNames.DEAD);
        MusicFsException failure = failure(origin.probe(Deadlines.generous()));
        assertThat(failure.kind()).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(failure).hasRootCauseInstanceOf(UnknownHostException.class);
        await(origin.stop());
    }

    @Test
    void leavesNoThreadBehind() throws Exception {
        succeeds(byPassword(Optional.of(server.hostKeyText())));
        // MINA's executors end by themselves soon after its client is closed.
        assertThat(Polling.until(
                        () -> Thread.getAllStackTraces().keySet().stream()
                                .noneMatch(thread -> thread.getName().contains("SshClient")),
                        Duration.ofMillis(20),
                        Deadlines.generous()))
                .isTrue();
    }

    private SftpTarget at(String host, int port) throws IOException {
        return new SftpTarget(
                new OriginId("nas"),
                new SftpUrl(TestingSshServer.USER, host, port, "/music"),
                Duration.ofSeconds(20),
                2,
                Optional.of(server.hostKeyText()),
                knownHosts,
                TestingSshServer.password(temp, TestingSshServer.PASSWORD),
                true,
                TestingSshServer.LIMITS);
    }

    private SftpTarget byPassword(Optional<String> hostKey) throws IOException {
        return server.target(hostKey, knownHosts, TestingSshServer.password(temp, TestingSshServer.PASSWORD));
    }

    private SftpTarget byKey(Optional<Path> file, Optional<Secret> passphrase) {
        return server.target(
                Optional.of(server.hostKeyText()),
                knownHosts,
                new Identities(file, temp, passphrase, Optional.empty(), Optional.empty()));
    }

    private SftpTarget byAgent(Path socket) {
        return server.target(
                Optional.of(server.hostKeyText()),
                knownHosts,
                new Identities(
                        Optional.empty(),
                        temp.resolve("absent"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(socket)));
    }

    private SftpOrigin origin(SftpTarget target, NameResolver names) {
        return new SftpOrigin(
                target,
                new BackendContext(
                        vertx,
                        ExecutorPools.workers(vertx, "login-test", "Origin login-test", 4, 1_000),
                        names,
                        Clock.system()));
    }

    private void succeeds(SftpTarget target) throws Exception {
        SftpOrigin origin = origin(target, TestingNames.LITERAL);
        await(origin.probe(Deadlines.generous()));
        await(origin.stop());
    }

    private MusicFsException refusal(SftpTarget target) throws Exception {
        SftpOrigin origin = origin(target, TestingNames.LITERAL);
        MusicFsException failure = failure(origin.probe(Deadlines.generous()));
        assertThat(origin.gauges()).isEqualTo(new Connections.Gauges(0, 0, 0, 0));
        await(origin.stop());
        return failure;
    }

    private Path keyFile(
            String name, KeyPair key, @org.jspecify.annotations.Nullable String passphrase, String permissions)
            throws Exception {
        Path file = temp.resolve(name);
        OpenSSHKeyEncryptionContext encryption = null;
        if (passphrase != null) {
            encryption = new OpenSSHKeyEncryptionContext();
            encryption.setPassword(passphrase);
            encryption.setCipherType("256");
        }
        try (var out = Files.newOutputStream(file)) {
            OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(key, "", encryption, out);
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        return file;
    }

    private void addToAgent(Path socket, Path key) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(List.of("ssh-add", key.toString())).redirectErrorStream(true);
        builder.environment().putAll(Map.of("SSH_AUTH_SOCK", socket.toString()));
        Process add = builder.start();
        String said = new String(add.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(add.waitFor()).as(said).isZero();
    }

    private static PublicKey publicKey(Path file) throws Exception {
        return PublicKeyEntry.parsePublicKeyEntry(
                        Files.readString(Path.of(file + ".pub")).strip())
                .resolvePublicKey(null, Map.of(), PublicKeyEntryResolver.FAILING);
    }

    private static void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }
}
