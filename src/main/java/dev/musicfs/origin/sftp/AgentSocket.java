package dev.musicfs.origin.sftp;

import dev.musicfs.runtime.Deadline;
import java.io.EOFException;
import java.io.IOException;
import java.io.StreamCorruptedException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.sshd.agent.SshAgent;
import org.apache.sshd.agent.SshAgentFactory;
import org.apache.sshd.agent.SshAgentServer;
import org.apache.sshd.agent.common.AbstractAgentProxy;
import org.apache.sshd.common.FactoryManager;
import org.apache.sshd.common.channel.ChannelFactory;
import org.apache.sshd.common.session.ConnectionService;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.jspecify.annotations.Nullable;

/**
 * An SSH agent behind a Unix socket, over the JDK's own sockets: MINA's client needs a native library. The messages, RSA
 * signatures with SHA-2 among them, are MINA's.
 *
 * <p>MINA asks from one of its I/O threads, so each request is bounded.
 */
final class AgentSocket extends AbstractAgentProxy {
    /** Short, since the other connections' traffic may wait meanwhile; an agent that asks its user first is too slow. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final int MOST_BYTES = 256 << 10;

    private final Duration patience;
    private final SocketChannel socket;
    private final Selector selector;

    AgentSocket(Path path, Duration patience) throws IOException {
        super(null);
        this.patience = patience;
        socket = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            socket.connect(UnixDomainSocketAddress.of(path));
            socket.configureBlocking(false);
            selector = Selector.open();
            socket.register(selector, SelectionKey.OP_READ);
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    @Override
    public boolean isOpen() {
        return socket.isOpen();
    }

    @Override
    public void close() throws IOException {
        try (socket;
                selector) {
            super.close();
        }
    }

    @Override
    protected synchronized Buffer request(Buffer request) throws IOException {
        Deadline deadline = Deadline.in(patience);
        ByteBuffer out = ByteBuffer.wrap(request.array(), request.rpos(), request.available());
        while (out.hasRemaining()) {
            if (socket.write(out) == 0) {
                await(SelectionKey.OP_WRITE, deadline);
            }
        }
        int length = receive(Integer.BYTES, deadline).getInt();
        if (length < 1 || length > MOST_BYTES) {
            throw new StreamCorruptedException("the SSH agent sent a message of " + length + " bytes");
        }
        return new ByteArrayBuffer(receive(length, deadline).array());
    }

    private ByteBuffer receive(int length, Deadline deadline) throws IOException {
        ByteBuffer in = ByteBuffer.allocate(length);
        while (in.hasRemaining()) {
            int count = socket.read(in);
            if (count < 0) {
                throw new EOFException("the SSH agent closed its socket");
            }
            if (count == 0) {
                await(SelectionKey.OP_READ, deadline);
            }
        }
        return in.flip();
    }

    private void await(int operation, Deadline deadline) throws IOException {
        SelectionKey key = socket.keyFor(selector);
        key.interestOps(operation);
        long millis = deadline.remaining().toMillis();
        if (millis == 0 || Thread.currentThread().isInterrupted()) {
            throw new IOException("the SSH agent did not answer in time");
        }
        selector.select(millis);
        selector.selectedKeys().clear();
    }

    /** Gives MINA a connection to the agent for each login; none when there is no agent at the socket any more. */
    record Factory(Path path, Duration patience) implements SshAgentFactory {
        @Override
        public @Nullable SshAgent createClient(Session session, FactoryManager manager) throws IOException {
            AgentSocket agent;
            try {
                agent = new AgentSocket(path, patience);
            } catch (IOException nobodyThere) {
                return null;
            }
            try {
                agent.getIdentities();
                return agent;
            } catch (IOException doesNotAnswer) {
                agent.close();
                return null;
            }
        }

        @Override
        public List<ChannelFactory> getChannelForwardingFactories(FactoryManager manager) {
            return List.of();
        }

        @Override
        public SshAgentServer createServer(ConnectionService service) {
            throw new UnsupportedOperationException("agents are not forwarded");
        }
    }
}
