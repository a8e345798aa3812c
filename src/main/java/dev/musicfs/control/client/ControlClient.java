package dev.musicfs.control.client;

import dev.musicfs.config.CacheEntry;
import dev.musicfs.control.api.ApiError;
import dev.musicfs.control.api.Progress;
import dev.musicfs.control.api.RecordJson;
import dev.musicfs.control.api.WorkStep;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks the daemon of a cache directory, one connection for each request. Blocks, at most for its patience between two
 * bytes of the daemon's. Fails with the daemon's own failures, with {@code UNAVAILABLE} when none runs, {@code TIMEOUT}
 * when it is silent, {@code CORRUPT} when its answer makes no sense.
 */
public final class ControlClient {
    /** More than the daemon takes to answer or to say that it cannot. */
    public static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final int MAX_ANSWER_BYTES = 16 << 20;

    private final Path cacheDir;
    private final Duration patience;

    /** Does not connect yet. */
    public ControlClient(Path cacheDir, Duration patience) {
        this.cacheDir = cacheDir;
        this.patience = patience;
    }

    /** Whether somebody listens; a socket that a killed daemon left does not count. */
    public boolean daemonRuns() {
        try {
            connect().close();
            return true;
        } catch (NobodyListens e) {
            return false;
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /** One request and its answer, as the record that it is. */
    <T extends Record> T call(Class<T> answer, String method, String target, @Nullable JsonObject body) {
        return RecordJson.to(answer, call(method, target, body));
    }

    /** One request and its answer. */
    public JsonObject call(String method, String target, @Nullable JsonObject body) {
        try (ControlChannel channel = send(method, target, body)) {
            HttpReply reply = HttpReply.read(channel);
            return result(reply.status(), RecordJson.parse(text(reply.body(), MAX_ANSWER_BYTES)));
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /** A request for long work; empty when {@code cancelled} said so, upon which the daemon gives it up as well. */
    Optional<JsonObject> work(String method, String target, BooleanSupplier cancelled, Progress progress) {
        try (ControlChannel channel = send(method, target, null)) {
            HttpReply reply = HttpReply.read(channel);
            while (!cancelled.getAsBoolean()) {
                JsonObject line = result(reply.status(), RecordJson.parse(line(reply.body(), MAX_ANSWER_BYTES)));
                if (line.getValue("result") instanceof JsonObject result) {
                    return Optional.of(result);
                }
                if (line.getValue("progress") instanceof JsonObject step) {
                    WorkStep reached = RecordJson.to(WorkStep.class, step);
                    progress.reached(reached.done(), reached.of());
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private static JsonObject result(int status, JsonObject answer) {
        if (answer.getValue("error") instanceof JsonObject error) {
            throw ApiError.failure(error);
        }
        if (status != 200) {
            throw new MusicFsException(FailureKind.CORRUPT, "the daemon answered " + status + " without a reason");
        }
        return answer;
    }

    private ControlChannel send(String method, String target, @Nullable JsonObject body) throws IOException {
        byte[] content = body == null ? new byte[0] : body.encode().getBytes(StandardCharsets.UTF_8);
        String head = method + " " + target + " HTTP/1.1\r\nHost: musicfs\r\nConnection: close\r\nContent-Length: "
                + content.length + "\r\n\r\n";
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
        request.writeBytes(content);
        ControlChannel channel = connect();
        try {
            channel.write(request.toByteArray());
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private ControlChannel connect() throws IOException {
        Path socket = CacheEntry.SOCKET.in(cacheDir);
        if (!Files.exists(socket)) {
            throw new NobodyListens();
        }
        try {
            return ControlChannel.connect(cacheDir, patience);
        } catch (ConnectException e) {
            throw new NobodyListens();
        }
    }

    private static String text(InputStream body, int maxBytes) throws IOException {
        byte[] bytes = body.readNBytes(maxBytes + 1);
        if (bytes.length > maxBytes) {
            throw new IOException("an answer of more than " + maxBytes + " bytes came");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static String line(InputStream body, int maxBytes) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int next = body.read();
        while (next >= 0 && next != '\n') {
            if (line.size() == maxBytes) {
                throw new IOException("a line of more than " + maxBytes + " bytes came");
            }
            line.write(next);
            next = body.read();
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    private MusicFsException failure(IOException e) {
        return e instanceof NobodyListens
                ? new MusicFsException(
                        FailureKind.UNAVAILABLE,
                        "no MusicFS is running for " + cacheDir + "; start it with \"musicfs mount\", or name its"
                                + " directory with --cache-dir")
                : MusicFsException.wrap("the MusicFS for " + cacheDir + " did not answer", e);
    }

    private static final class NobodyListens extends IOException {
        private static final long serialVersionUID = 1L;

        NobodyListens() {
            super("nobody listens");
        }
    }
}
