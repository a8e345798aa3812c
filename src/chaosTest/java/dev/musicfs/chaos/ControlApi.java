package dev.musicfs.chaos;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a running daemon says of itself. */
record ControlApi(Path cacheDir) {
    /** What it holds at present; see {@code /v1/process}. */
    JsonObject process() {
        return call("GET", "/v1/process");
    }

    /** Its origins; see {@code /v1/origins}. */
    List<JsonObject> origins() {
        JsonArray origins = call("GET", "/v1/origins").getJsonArray("origins");
        return origins.stream().map(JsonObject.class::cast).toList();
    }

    /** How often it has read what is stored; see {@code /v1/cache}. */
    long reads() {
        return call("GET", "/v1/cache").getLong("reads");
    }

    /** One of them. */
    JsonObject origin(String id) {
        return origins().stream()
                .filter(each -> each.getString("id").equals(id))
                .findFirst()
                .orElseThrow(() -> new AssertionError("the daemon has no origin " + id));
    }

    /** {@code ready}, {@code degraded} or {@code offline}. */
    String state() {
        return call("GET", "/v1/health/ready").getString("state");
    }

    /** Whether it can be asked: soon after the mount is there. */
    boolean isOpen() {
        return Files.exists(cacheDir.resolve("control.sock"));
    }

    private JsonObject call(String method, String target) {
        String request = method + " " + target + " HTTP/1.1\r\nHost: musicfs\r\nConnection: close\r\n\r\n";
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(cacheDir.resolve("control.sock")))) {
            channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            ByteBuffer piece = ByteBuffer.allocate(16 << 10);
            while (channel.read(piece.clear()) >= 0) {
                answer.write(piece.array(), 0, piece.position());
            }
            String text = answer.toString(StandardCharsets.UTF_8);
            if (!text.startsWith("HTTP/1.1 200")) {
                throw new AssertionError(target + " was answered with " + text);
            }
            return new JsonObject(text.substring(text.indexOf("\r\n\r\n") + 4));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
