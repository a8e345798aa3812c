package dev.musicfs.origin.sftp;

import dev.musicfs.config.Secret;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.ListingLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channel;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.file.virtualfs.VirtualFileSystemFactory;
import org.apache.sshd.common.io.IoOutputStream;
import org.apache.sshd.common.kex.BuiltinDHFactories;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.server.ServerBuilder;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.keyboard.DefaultKeyboardInteractiveAuthenticator;
import org.apache.sshd.server.auth.keyboard.InteractiveChallenge;
import org.apache.sshd.server.auth.keyboard.UserAuthKeyboardInteractiveFactory;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.apache.sshd.server.session.ServerSession;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.server.DirectoryHandle;
import org.apache.sshd.sftp.server.FileHandle;
import org.apache.sshd.sftp.server.Handle;
import org.apache.sshd.sftp.server.SftpEventListener;
import org.apache.sshd.sftp.server.SftpFileSystemAccessor;
import org.apache.sshd.sftp.server.SftpSubsystem;
import org.apache.sshd.sftp.server.SftpSubsystemConfigurator;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;
import org.apache.sshd.sftp.server.SftpSubsystemProxy;

/**
 * An SSH server in this process, whose {@code /music} is a directory of this machine. Names are bytes: those on disk hold
 * one character for each byte of the names that travel.
 */
final class TestingSshServer implements AutoCloseable {
    static final ListingLimits LIMITS = new ListingLimits(2_000, 8);
    static final String USER = "listener";
    static final String PASSWORD = "open sesame";

    final AtomicInteger sessions = new AtomicInteger();
    private final AtomicInteger live = new AtomicInteger();
    final AtomicInteger opens = new AtomicInteger();
    final AtomicInteger closes = new AtomicInteger();
    final Set<PublicKey> authorised = ConcurrentHashMap.newKeySet();
    /** The keys that logins came with. */
    final Set<PublicKey> shown = ConcurrentHashMap.newKeySet();
    /** Runs on the server's thread before it answers a READ. */
    volatile Consumer<ServerSession> beforeRead = session -> {};
    /** How many files one session may have open; more are refused with a bare failure. */
    volatile int mostOpen = Integer.MAX_VALUE;
    /** How many sessions there may be; more are cut before they log in. */
    volatile int mostSessions = Integer.MAX_VALUE;
    /** Whether FSTAT is known. */
    volatile boolean hasFstat = true;
    /** Whether READDIR gives names alone. */
    volatile boolean namesAlone;
    /** What is printed before SFTP begins. */
    volatile String greeting = "";

    private final Path home;
    private final KeyPair hostKey;
    private final SshServer server;

    TestingSshServer(Path home) throws Exception {
        this(home, 0, newKey());
    }

    TestingSshServer(Path home, int port, KeyPair... hostKeys) throws IOException {
        this.home = home;
        this.hostKey = hostKeys[0];
        Files.createDirectories(root());
        server = SshServer.setUpDefaultServer();
        server.setHost("127.0.0.1");
        server.setPort(port);
        server.setKeyPairProvider(KeyPairProvider.wrap(hostKeys));
        server.setPasswordAuthenticator((user, password, session) -> user.equals(USER) && password.equals(PASSWORD));
        server.setPublickeyAuthenticator((user, key, session) -> {
            shown.add(key);
            return authorised.stream().anyMatch(known -> KeyUtils.compareKeys(known, key));
        });
        server.setFileSystemFactory(new VirtualFileSystemFactory(home));
        SftpSubsystemFactory sftp = new SftpSubsystemFactory() {
            @Override
            public Command createSubsystem(ChannelSession channel) {
                SftpSubsystem subsystem = new ByteNamesSubsystem(channel, this);
                getRegisteredListeners().forEach(subsystem::addSftpEventListener);
                return subsystem;
            }
        };
        sftp.setFileSystemAccessor(new ByteNames());
        sftp.addSftpEventListener(new Listener());
        server.setSubsystemFactories(List.of(sftp));
        server.addSessionListener(new SessionListener() {
            @Override
            public void sessionEstablished(Session session) {
                sessions.incrementAndGet();
            }

            @Override
            public void sessionCreated(Session session) {
                if (live.incrementAndGet() > mostSessions) {
                    session.close(true);
                }
            }

            @Override
            public void sessionClosed(Session session) {
                live.decrementAndGet();
            }
        });
        server.start();
    }

    static KeyPair newKey() throws GeneralSecurityException {
        return KeyUtils.generateKeyPair(KeyPairProvider.ECDSA_SHA2_NISTP256, 256);
    }

    static KeyPair newRsaKey() throws GeneralSecurityException {
        return KeyUtils.generateKeyPair(KeyPairProvider.SSH_RSA, 2048);
    }

    /** Takes the password as an answer to this question alone. */
    void asks(String... prompts) {
        server.setUserAuthFactories(List.of(UserAuthKeyboardInteractiveFactory.INSTANCE));
        server.setKeyboardInteractiveAuthenticator(new DefaultKeyboardInteractiveAuthenticator() {
            @Override
            public InteractiveChallenge generateChallenge(
                    ServerSession session, String username, String lang, String subMethods) {
                InteractiveChallenge challenge = new InteractiveChallenge();
                for (String prompt : prompts) {
                    challenge.addPrompt(prompt, false);
                }
                return challenge;
            }
        });
    }

    /** Knows no other exchange of keys than this. */
    void exchangesOnly(BuiltinDHFactories only) {
        server.setKeyExchangeFactories(
                NamedFactory.setUpTransformedFactories(true, List.of(only), ServerBuilder.DH2KEX));
    }

    /** The line of a known_hosts file that vouches for {@code key}. */
    String knownHostsLine(KeyPair key) {
        return "[127.0.0.1]:" + port() + " " + PublicKeyEntry.toString(key.getPublic()) + "\n";
    }

    /** An origin on this server. */
    SftpTarget target(Optional<String> hostKey, Path knownHosts, Identities identities) {
        return new SftpTarget(
                new OriginId("nas"),
                SftpUrl.parse(url()),
                Duration.ofSeconds(20),
                8,
                hostKey,
                knownHosts,
                identities,
                true,
                LIMITS);
    }

    /** What logs in with the password, which is put into a file in {@code directory}. */
    static Identities password(Path directory, String password) throws IOException {
        Path file = Files.writeString(directory.resolve("password"), password);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return new Identities(
                Optional.empty(),
                directory.resolve("absent"),
                Optional.empty(),
                Optional.of(new Secret(Secret.Source.FILE, file.toString())),
                Optional.empty());
    }

    Path root() {
        return home.resolve("music");
    }

    int port() {
        return server.getPort();
    }

    String url() {
        return "sftp://" + USER + "@127.0.0.1:" + port() + "/music";
    }

    KeyPair hostKey() {
        return hostKey;
    }

    /** The host key as {@code host_key} takes it. */
    String hostKeyText() {
        return PublicKeyEntry.toString(hostKey.getPublic());
    }

    /** Where a file of the origin lies on this machine. */
    Path locate(String path) {
        byte[] bytes = RealPath.encode(path);
        return root().resolve(new String(bytes, StandardCharsets.ISO_8859_1));
    }

    /** Cuts every connection, as a server that is killed does. */
    void cutAll() {
        server.getActiveSessions().forEach(session -> session.close(true));
    }

    int connected() {
        return server.getActiveSessions().size();
    }

    @Override
    public void close() {
        try {
            server.stop(true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes the names in requests, which MINA would decode as UTF-8, byte for byte. */
    private final class ByteNamesSubsystem extends SftpSubsystem {
        ByteNamesSubsystem(ChannelSession channel, SftpSubsystemConfigurator configurator) {
            super(channel, configurator);
        }

        @Override
        public void setIoOutputStream(IoOutputStream out) {
            super.setIoOutputStream(out);
            if (!greeting.isEmpty()) {
                try {
                    out.writeBuffer(new ByteArrayBuffer(greeting.getBytes(StandardCharsets.UTF_8)));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }

        @Override
        protected void writeDirEntry(
                int id,
                DirectoryHandle dir,
                Map<String, Path> entries,
                Buffer buffer,
                int index,
                Path file,
                String shortName,
                LinkOption... options)
                throws IOException {
            if (namesAlone) {
                buffer.putString(shortName, StandardCharsets.ISO_8859_1);
                buffer.putString("");
                buffer.putUInt(0);
            } else {
                super.writeDirEntry(id, dir, entries, buffer, index, file, shortName, options);
            }
        }

        @Override
        protected void doProcess(Buffer buffer, int length, int type, int id) throws IOException {
            if (type == SftpConstants.SSH_FXP_FSTAT && !hasFstat) {
                sendStatus(prepareReply(buffer), id, SftpConstants.SSH_FX_OP_UNSUPPORTED, "FSTAT is not known");
                return;
            }
            switch (type) {
                case SftpConstants.SSH_FXP_OPEN,
                        SftpConstants.SSH_FXP_OPENDIR,
                        SftpConstants.SSH_FXP_STAT,
                        SftpConstants.SSH_FXP_LSTAT,
                        SftpConstants.SSH_FXP_READLINK,
                        SftpConstants.SSH_FXP_REALPATH -> {
                    Buffer rewritten = new ByteArrayBuffer();
                    rewritten.putString(buffer.getString(StandardCharsets.ISO_8859_1));
                    rewritten.putBuffer(buffer);
                    super.doProcess(rewritten, length, type, id);
                }
                default -> super.doProcess(buffer, length, type, id);
            }
        }
    }

    private final class ByteNames implements SftpFileSystemAccessor {
        private final Map<ServerSession, AtomicInteger> open = new ConcurrentHashMap<>();

        @Override
        public SeekableByteChannel openFile(
                SftpSubsystemProxy subsystem,
                FileHandle fileHandle,
                Path file,
                String handle,
                Set<? extends OpenOption> options,
                FileAttribute<?>... attributes)
                throws IOException {
            AtomicInteger mine = open.computeIfAbsent(subsystem.getServerSession(), key -> new AtomicInteger());
            if (mine.get() >= mostOpen) {
                throw new IOException("too many open files");
            }
            SeekableByteChannel channel =
                    SftpFileSystemAccessor.super.openFile(subsystem, fileHandle, file, handle, options, attributes);
            mine.incrementAndGet();
            return channel;
        }

        @Override
        public void closeFile(
                SftpSubsystemProxy subsystem,
                FileHandle fileHandle,
                Path file,
                String handle,
                Channel channel,
                Set<? extends OpenOption> options)
                throws IOException {
            open.get(subsystem.getServerSession()).decrementAndGet();
            SftpFileSystemAccessor.super.closeFile(subsystem, fileHandle, file, handle, channel, options);
        }

        @Override
        public void putRemoteFileName(
                SftpSubsystemProxy subsystem, Path path, Buffer buf, String name, boolean shortName) {
            buf.putString(name, StandardCharsets.ISO_8859_1);
        }
    }

    private final class Listener implements SftpEventListener {
        @Override
        public void open(ServerSession session, String remoteHandle, Handle localHandle) {
            if (localHandle instanceof FileHandle) {
                opens.incrementAndGet();
            }
        }

        @Override
        public void closed(ServerSession session, String remoteHandle, Handle localHandle, Throwable thrown) {
            if (localHandle instanceof FileHandle) {
                closes.incrementAndGet();
            }
        }

        @Override
        public void reading(
                ServerSession session, String handle, FileHandle file, long offset, byte[] data, int at, int length) {
            beforeRead.accept(session);
        }
    }
}
