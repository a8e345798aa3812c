package dev.musicfs.origin.http;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ByteRange;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.wire.ContentRange;
import dev.musicfs.origin.wire.Take;
import dev.musicfs.runtime.Deadline;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads ranges, and believes a server only as far as its headers agree with what was asked for. */
final class RangedRead {
    private static final Logger LOG = LoggerFactory.getLogger(RangedRead.class);
    private static final int PARTIAL = 206;
    private static final int CHANGED = 412;
    private static final int OUTSIDE = 416;

    private final Calls calls;
    private final AtomicBoolean knownToHaveNoRanges = new AtomicBoolean();

    RangedRead(Calls calls) {
        this.calls = calls;
    }

    /** {@code wanted} lies within the expected size and is not empty. */
    Future<Buffer> read(RealPath path, FileVersion expected, ByteRange wanted, Deadline deadline) {
        if (wanted.length() > Integer.MAX_VALUE - 8) {
            return Future.failedFuture(
                    new MusicFsException(FailureKind.INVALID, "More than 2 GiB asked for in one read of " + path));
        }
        Map<String, String> headers =
                new LinkedHashMap<>(Validators.of(expected).conditions());
        headers.put("Range", "bytes=" + wanted.offset() + "-" + (wanted.end() - 1));
        Call get =
                Call.get(calls.root().child(path, false), headers, response -> take(path, expected, wanted, response));
        return calls.send(get, deadline).map(reply -> bytes(path, expected, wanted, get, reply));
    }

    private Take take(RealPath path, FileVersion expected, ByteRange wanted, HttpClientResponse response) {
        if (response.statusCode() == PARTIAL) {
            refuseOtherThanTheFile(path, expected, response);
            checkRange(path, expected, wanted, header(response, "Content-Range"));
            return Take.atMost(wanted.length());
        }
        if (response.statusCode() == 200) {
            refuseOtherThanTheFile(path, expected, response);
            OptionalLong size = Heads.number(header(response, "Content-Length"));
            if (size.isPresent() && size.getAsLong() != expected.sizeBytes()) {
                throw stale(path);
            }
            return new Take(wanted.offset(), wanted.length(), true);
        }
        return Take.start(Call.ERROR_BYTES);
    }

    private void refuseOtherThanTheFile(RealPath path, FileVersion expected, HttpClientResponse response) {
        if (Pages.isPage(header(response, "Content-Type")) && !Pages.isExpected(path.extension())) {
            throw Heads.insteadOfAFile(calls.origin(), calls.root().child(path, false));
        }
        String encoding = header(response, "Content-Encoding");
        if (!encoding.isEmpty() && !encoding.equalsIgnoreCase("identity")) {
            throw corrupt(path, "is encoded as " + encoding + " although that was not wanted");
        }
        Validators found = Validators.of(header(response, "ETag"), header(response, "Last-Modified"));
        if (Validators.of(expected).contradict(found)) {
            throw stale(path);
        }
    }

    private void checkRange(RealPath path, FileVersion expected, ByteRange wanted, String contentRange) {
        ContentRange range = ContentRange.parse(contentRange)
                .orElseThrow(() -> corrupt(path, "is of no range that makes sense: \"" + contentRange + "\""));
        if (range.sizeBytes().isPresent() && range.sizeBytes().getAsLong() != expected.sizeBytes()) {
            throw stale(path);
        }
        if (range.first() != wanted.offset() || range.last() != wanted.end() - 1) {
            throw corrupt(
                    path,
                    "is of the range \"" + contentRange + "\" where bytes " + wanted.offset() + " to "
                            + (wanted.end() - 1) + " were asked for");
        }
    }

    private Buffer bytes(RealPath path, FileVersion expected, ByteRange wanted, Call get, Reply reply) {
        if (reply.status() == CHANGED) {
            throw stale(path);
        }
        if (reply.status() == OUTSIDE) {
            OptionalLong size = ContentRange.parse(reply.answer().header("Content-Range"))
                    .map(ContentRange::sizeBytes)
                    .orElse(OptionalLong.empty());
            throw size.isPresent() && size.getAsLong() != expected.sizeBytes()
                    ? stale(path)
                    : corrupt(path, "is 416, no bytes there, to a range inside the file");
        }
        if (reply.url().path().equals(get.url().path() + "/")) {
            throw new MusicFsException(FailureKind.INVALID, "A directory cannot be read: " + path);
        }
        if (reply.status() != PARTIAL && reply.status() != 200) {
            throw Refusal.of(calls.origin(), get, reply);
        }
        Buffer body = reply.answer().body();
        if (body.length() != wanted.length()) {
            throw corrupt(path, "has " + body.length() + " of " + wanted.length() + " bytes");
        }
        if (reply.status() == 200
                && wanted.length() < expected.sizeBytes()
                && knownToHaveNoRanges.compareAndSet(false, true)) {
            LOG.warn(
                    "{} sends whole files where a part is asked for: each read costs all that lies before it, and a"
                            + " connection",
                    calls.origin());
        }
        return body;
    }

    private MusicFsException stale(RealPath path) {
        return new MusicFsException(
                FailureKind.STALE, "Changed at " + calls.origin() + " since it was looked at: " + path);
    }

    private MusicFsException corrupt(RealPath path, String what) {
        return new MusicFsException(
                FailureKind.CORRUPT, "The answer of " + calls.origin() + " for " + path + " " + what);
    }

    private static String header(HttpClientResponse response, String name) {
        String value = response.getHeader(name);
        return value == null ? "" : value.strip();
    }
}
