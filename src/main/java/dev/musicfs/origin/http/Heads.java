package dev.musicfs.origin.http;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.OriginEntry;
import dev.musicfs.origin.wire.ContentRange;
import dev.musicfs.origin.wire.Take;
import dev.musicfs.runtime.Deadline;
import io.vertx.core.Future;
import java.util.Map;
import java.util.OptionalLong;

/** Asks for a single path what its headers say. */
final class Heads {
    private final Calls calls;

    Heads(Calls calls) {
        this.calls = calls;
    }

    /** Without a slash at its end: a server redirects to one with a slash when it is a directory. */
    Future<OriginEntry> stat(RealPath path, Deadline deadline) {
        Call head = Call.head(calls.root().child(path, path.isRoot()));
        return calls.send(head, deadline).compose(reply -> {
            if (reply.status() == 405 || reply.status() == 501) {
                return firstByte(path, deadline);
            }
            if (reply.status() != 200) {
                return Future.failedFuture(Refusal.of(calls.origin(), head, reply));
            }
            if (path.isRoot() || reply.url().decodedPath().equals(head.url().decodedPath() + "/")) {
                return Future.succeededFuture(new OriginEntry(path, true, new FileVersion(0, 0, ""), 0));
            }
            refusePage(path, reply);
            OptionalLong size = number(reply.answer().header("Content-Length"));
            return size.isPresent() && reply.answer().header("Content-Encoding").isEmpty()
                    ? Future.succeededFuture(entry(path, reply, size.getAsLong()))
                    : firstByte(path, deadline);
        });
    }

    /** For servers that do not say the size otherwise. An empty file has no first byte, which is an answer too. */
    private Future<OriginEntry> firstByte(RealPath path, Deadline deadline) {
        Call get = Call.get(
                calls.root().child(path, path.isRoot()), Map.of("Range", "bytes=0-0"), response -> Take.start(1));
        return calls.send(get, deadline).map(reply -> {
            if (reply.status() != 200 && reply.status() != 206 && reply.status() != 416) {
                throw Refusal.of(calls.origin(), get, reply);
            }
            if (path.isRoot() || reply.url().decodedPath().equals(get.url().decodedPath() + "/")) {
                return new OriginEntry(path, true, new FileVersion(0, 0, ""), 0);
            }
            refusePage(path, reply);
            OptionalLong size = reply.status() == 200
                    ? number(reply.answer().header("Content-Length"))
                    : ContentRange.parse(reply.answer().header("Content-Range"))
                            .map(ContentRange::sizeBytes)
                            .orElse(OptionalLong.empty());
            return entry(
                    path,
                    reply,
                    size.orElseThrow(() -> new MusicFsException(
                            FailureKind.CORRUPT, calls.origin() + " does not say how large " + reply.url() + " is")));
        });
    }

    private void refusePage(RealPath path, Reply reply) {
        if (reply.isPage() && !Pages.isExpected(path.extension())) {
            throw insteadOfAFile(calls.origin(), reply.url());
        }
    }

    static MusicFsException insteadOfAFile(String origin, HttpUrl url) {
        return new MusicFsException(
                FailureKind.REJECTED,
                origin + " sends a web page in place of a file, such as one for logging in: " + url);
    }

    private static OriginEntry entry(RealPath path, Reply reply, long sizeBytes) {
        Validators validators =
                Validators.of(reply.answer().header("ETag"), reply.answer().header("Last-Modified"));
        return new OriginEntry(path, false, validators.version(sizeBytes), 0);
    }

    /** A size as it stands in a header; empty when it is none. */
    static OptionalLong number(String text) {
        try {
            long value = Long.parseLong(text.strip());
            return value < 0 ? OptionalLong.empty() : OptionalLong.of(value);
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }
}
