package dev.musicfs.origin.wire;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ByteRange;
import dev.musicfs.runtime.Deadline;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Asks for a range of one version of a file, and believes a server only as far as its headers agree with that.
 *
 * @param file what failures call the file
 * @param validators of the version
 * @param sizeBytes of that version
 * @param wanted lies within that size and is not empty
 */
public record RangeRequest(String file, Validators validators, long sizeBytes, ByteRange wanted) {
    /** The most that is read at once, since it is in memory. */
    private static final long MAX_BYTES = 1 << 30;

    private static final int WHOLE = 200;
    private static final int PARTIAL = 206;
    private static final int CHANGED = 412;

    /**
     * Asks, as {@link WireClient#send}. Fails with {@code STALE} for another version, with {@code CORRUPT} for another
     * range, and with {@code INVALID} for one that is too large for the memory.
     *
     * @param check is shown a 2xx response before its body is taken, and may throw to refuse it
     */
    public Future<Response> send(WireClient client, HttpUrl url, Consumer<Response> check, Deadline deadline) {
        if (wanted.length() > MAX_BYTES) {
            return Future.failedFuture(
                    new MusicFsException(FailureKind.INVALID, "More than 1 GiB asked for in one read of " + file));
        }
        Map<String, String> headers = new LinkedHashMap<>(validators.conditions());
        headers.put("Range", "bytes=" + wanted.offset() + "-" + (wanted.end() - 1));
        Request get = Request.get(url, headers, head -> {
            check.accept(head);
            return limit(head, !head.url().isAt(url));
        });
        return client.send(get, deadline).map(response -> {
            if (response.status() == CHANGED) {
                throw stale();
            }
            return response;
        });
    }

    /** @param elsewhere whether another server answers, to which the first one redirected: its tags are its own */
    private BodyLimit limit(Response head, boolean elsewhere) {
        if (head.status() != PARTIAL && head.status() != WHOLE) {
            return BodyLimit.start(0);
        }
        if (!elsewhere && validators.contradict(Validators.of(head))) {
            throw stale();
        }
        if (head.status() == PARTIAL) {
            checkRange(head.header("Content-Range"));
            return BodyLimit.atMost(wanted.length());
        }
        if (head.contentLength().orElse(sizeBytes) != sizeBytes) {
            throw stale();
        }
        return new BodyLimit(wanted.offset(), wanted.length(), true);
    }

    private void checkRange(String contentRange) {
        ContentRange range = ContentRange.parse(contentRange)
                .orElseThrow(() -> corrupt("is of no range that makes sense: \"" + contentRange + "\""));
        if (range.sizeBytes().orElse(sizeBytes) != sizeBytes) {
            throw stale();
        }
        if (range.first() != wanted.offset() || range.last() != wanted.end() - 1) {
            throw corrupt("is of the range \"" + contentRange + "\" where bytes " + wanted.offset() + " to "
                    + (wanted.end() - 1) + " were asked for");
        }
    }

    /** The bytes of a response of status 200 or 206; throws {@code CORRUPT} if they are too few. */
    public Buffer bytes(Response response) {
        if (response.body().length() != wanted.length()) {
            throw corrupt("has " + response.body().length() + " of " + wanted.length() + " bytes");
        }
        return response.body();
    }

    /** The file is of another version by now. */
    public MusicFsException stale() {
        return new MusicFsException(FailureKind.STALE, file + " has changed since it was looked at");
    }

    /** The response is none to this request. */
    public MusicFsException corrupt(String what) {
        return new MusicFsException(FailureKind.CORRUPT, "The answer for " + file + " " + what);
    }
}
