package dev.musicfs.control.client;

import dev.musicfs.config.CacheEntry;
import dev.musicfs.control.SocketDirectory;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.runtime.Deadline;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A connection to the control socket, as bytes and lines. The JDK's HTTP client knows no Unix domain sockets, and a
 * Vert.x takes longer to start than a command takes to run. Each read and write ends within the patience, with
 * {@code TIMEOUT}. For one thread.
 */
final class ControlChannel implements AutoCloseable {
    private final SocketChannel channel;
    private final Selector selector;
    private final Duration patience;
    private final ByteBuffer input = ByteBuffer.allocate(8 << 10).limit(0);

    private ControlChannel(SocketChannel channel, Selector selector, Duration patience) {
        this.channel = channel;
        this.selector = selector;
        this.patience = patience;
    }

    static ControlChannel connect(Path cacheDir, Duration patience) throws IOException {
        try (SocketDirectory directory = SocketDirectory.of(cacheDir)) {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            @Nullable Selector selector = null;
            try {
                channel.configureBlocking(false);
                // With a Unix domain socket, done when this returns; a full backlog is an error.
                channel.connect(UnixDomainSocketAddress.of(CacheEntry.SOCKET.in(directory.path())));
                selector = Selector.open();
                channel.register(selector, 0);
                return new ControlChannel(channel, selector, patience);
            } catch (IOException | RuntimeException e) {
                channel.close();
                if (selector != null) {
                    selector.close();
                }
                throw e;
            }
        }
    }

    void write(byte[] bytes) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(bytes);
        Deadline deadline = Deadline.in(patience);
        while (left.hasRemaining()) {
            if (channel.write(left) == 0) {
                await(SelectionKey.OP_WRITE, deadline);
            }
        }
    }

    /** A line without its end, at most {@code maxBytes} long. */
    String line(int maxBytes) throws IOException {
        byte[] line = new byte[Math.min(maxBytes, 128)];
        int length = 0;
        byte next = read();
        while (next != '\n') {
            if (length == maxBytes) {
                throw new IOException("a line of more than " + maxBytes + " bytes came");
            }
            if (length == line.length) {
                line = Arrays.copyOf(line, Math.min(maxBytes, 2 * length));
            }
            line[length++] = next;
            next = read();
        }
        int end = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
        return new String(line, 0, end, StandardCharsets.UTF_8);
    }

    /** The next byte. */
    byte read() throws IOException {
        if (!input.hasRemaining()) {
            input.clear();
            Deadline deadline = Deadline.in(patience);
            int count = channel.read(input);
            while (count == 0) {
                await(SelectionKey.OP_READ, deadline);
                count = channel.read(input);
            }
            input.flip();
            if (count < 0) {
                throw new EOFException("the connection ended");
            }
        }
        return input.get();
    }

    private void await(int operation, Deadline deadline) throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.interestOps(operation);
        }
        selector.selectedKeys().clear();
        // Zero would wait without end.
        selector.select(Math.max(1, deadline.remaining().toMillis()));
        if (Thread.currentThread().isInterrupted()) {
            throw new IOException("interrupted");
        }
        if (deadline.expired()) {
            throw new MusicFsException(
                    FailureKind.TIMEOUT, "MusicFS did not answer within " + patience.toSeconds() + " s");
        }
    }

    @Override
    public void close() throws IOException {
        selector.close();
        channel.close();
    }
}
