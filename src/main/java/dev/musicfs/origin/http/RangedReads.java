package dev.musicfs.origin.http;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ByteRange;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.wire.ContentRange;
import dev.musicfs.origin.wire.RangeRequest;
import dev.musicfs.origin.wire.Response;
import dev.musicfs.origin.wire.Validators;
import dev.musicfs.runtime.Deadline;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads ranges of files. */
final class RangedReads {
    private static final Logger LOG = LoggerFactory.getLogger(RangedReads.class);
    private static final int OUTSIDE = 416;

    private final WebServer server;
    private final HttpRedirects redirects;
    private final AtomicBoolean knownToHaveNoRanges = new AtomicBoolean();

    RangedReads(WebServer server, HttpRedirects redirects) {
        this.server = server;
        this.redirects = redirects;
    }

    /** {@code wanted} lies within the expected size and is not empty. */
    Future<Buffer> read(RealPath path, FileVersion expected, ByteRange wanted, Deadline deadline) {
        RangeRequest range = new RangeRequest(
                path + " of " + server.name(),
                new Validators(expected.tag(), expected.mtimeNanos()),
                expected.sizeBytes(),
                wanted);
        return range.send(server.client(), server.url(path, false), head -> check(path, range, head), deadline)
                .map(response -> bytes(path, range, response));
    }

    private void check(RealPath path, RangeRequest range, Response head) {
        Pages.refuse(server.name(), path, head);
        if (!head.url().isAt(server.root().url())
                && !server.root().trusts(head.url())
                && !redirects.isNamed(head.url())
                && !range.validators().vouchedBy(Validators.of(head))) {
            throw new MusicFsException(
                    FailureKind.REJECTED,
                    server.name() + " redirects to " + head.url().server()
                            + ", which does not say that it gives the same file (Last-Modified or ETag);"
                            + " redirect_hosts can allow that");
        }
        String encoding = head.header("Content-Encoding");
        if (!encoding.isEmpty() && !encoding.equalsIgnoreCase("identity")) {
            throw range.corrupt("is encoded as " + encoding + " although that was not wanted");
        }
    }

    private Buffer bytes(RealPath path, RangeRequest range, Response response) {
        if (response.status() == OUTSIDE) {
            OptionalLong size = ContentRange.parse(response.header("Content-Range"))
                    .map(ContentRange::sizeBytes)
                    .orElse(OptionalLong.empty());
            throw size.orElse(range.sizeBytes()) == range.sizeBytes()
                    ? range.corrupt("is 416, no bytes there, to a range inside the file")
                    : range.stale();
        }
        if (response.url().path().equals(server.url(path, true).path())) {
            throw new MusicFsException(FailureKind.INVALID, "A directory cannot be read: " + path);
        }
        if (response.status() != 200 && response.status() != 206) {
            throw Refusal.of(server.name(), HttpMethod.GET, response);
        }
        if (response.status() == 200
                && range.wanted().length() < range.sizeBytes()
                && knownToHaveNoRanges.compareAndSet(false, true)) {
            LOG.warn(
                    "{} sends whole files where a part is asked for: each read costs all that lies before it, and a"
                            + " connection",
                    server.name());
        }
        return range.bytes(response);
    }
}
