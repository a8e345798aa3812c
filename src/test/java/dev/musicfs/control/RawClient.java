package dev.musicfs.control;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Sends bytes as they are, and gives what comes until the other side closes. */
final class RawClient implements AutoCloseable {
    private final SocketChannel channel;

    RawClient(Path cacheDir) throws IOException {
        channel = SocketChannel.open(UnixDomainSocketAddress.of(cacheDir.resolve("control.sock")));
    }

    RawClient send(String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        return this;
    }

    /** Everything up to the end of the connection. */
    String rest() throws Exception {
        return CompletableFuture.supplyAsync(() -> {
                    StringBuilder text = new StringBuilder();
                    ByteBuffer bytes = ByteBuffer.allocate(4096);
                    try {
                        while (channel.read(bytes.clear()) >= 0) {
                            text.append(StandardCharsets.UTF_8.decode(bytes.flip()));
                        }
                    } catch (IOException e) {
                        // Reset in place of an orderly end.
                    }
                    return text.toString();
                })
                .get(30, TimeUnit.SECONDS);
    }

    /** The next bytes, at least one. */
    String some() throws Exception {
        return CompletableFuture.supplyAsync(() -> {
                    ByteBuffer bytes = ByteBuffer.allocate(4096);
                    try {
                        channel.read(bytes);
                    } catch (IOException e) {
                        // As if it had ended.
                    }
                    return StandardCharsets.UTF_8.decode(bytes.flip()).toString();
                })
                .get(30, TimeUnit.SECONDS);
    }

    /** Ends the connection before it is closed anyway. */
    void end() throws IOException {
        channel.close();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
