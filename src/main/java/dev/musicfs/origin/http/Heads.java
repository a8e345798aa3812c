package dev.musicfs.origin.http;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.OriginEntry;
import dev.musicfs.origin.wire.BodyLimit;
import dev.musicfs.origin.wire.ContentRange;
import dev.musicfs.origin.wire.Request;
import dev.musicfs.origin.wire.Response;
import dev.musicfs.origin.wire.Validators;
import dev.musicfs.runtime.Deadline;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Asks for a single path what its headers say. */
final class Heads {
    private final WebServer server;

    Heads(WebServer server) {
        this.server = server;
    }

    /** Without a slash at its end: a server redirects to one with a slash when it is a directory. */
    Future<OriginEntry> stat(RealPath path, Deadline deadline) {
        Request head = Request.head(server.url(path, path.isRoot()));
        return server.client().send(head, deadline).compose(response -> {
            if (response.status() == 405 || response.status() == 501) {
                return firstByte(path, deadline);
            }
            if (response.status() != 200) {
                return Future.failedFuture(Refusal.of(server.name(), HttpMethod.HEAD, response));
            }
            if (isDirectory(path, head, response)) {
                return Future.succeededFuture(directory(path));
            }
            Pages.refuse(server.name(), path, response);
            OptionalLong size = response.contentLength();
            return size.isPresent() && response.header("Content-Encoding").isEmpty()
                    ? Future.succeededFuture(file(path, response, size.getAsLong()))
                    : firstByte(path, deadline);
        });
    }

    /**
     * One entry of a listing: empty when it has vanished, as a file may between a listing and the look at it, and unknown
     * when the server says something about it alone. What says something about the server fails.
     */
    Future<Optional<OriginEntry>> entry(RealPath path, Deadline deadline) {
        return stat(path, deadline).map(Optional::of).recover(e -> switch (MusicFsException.kindOf(e)) {
            case NOT_FOUND -> Future.succeededFuture(Optional.empty());
            case REJECTED, CORRUPT ->
                Future.succeededFuture(
                        Optional.of(OriginEntry.unknown(path, MusicFsException.wrap(server.name() + " failed", e))));
            default ->
                Refusal.isOfOne(e)
                        ? Future.succeededFuture(Optional.of(
                                OriginEntry.unknown(path, MusicFsException.wrap(server.name() + " failed", e))))
                        : Future.failedFuture(e);
        });
    }

    /** For servers that do not say the size otherwise. An empty file has no first byte, which is an answer too. */
    private Future<OriginEntry> firstByte(RealPath path, Deadline deadline) {
        Request get = Request.get(
                server.url(path, path.isRoot()), Map.of("Range", "bytes=0-0"), response -> BodyLimit.start(1));
        return server.client().send(get, deadline).map(response -> {
            if (response.status() != 200 && response.status() != 206 && response.status() != 416) {
                throw Refusal.of(server.name(), HttpMethod.GET, response);
            }
            if (isDirectory(path, get, response)) {
                return directory(path);
            }
            Pages.refuse(server.name(), path, response);
            OptionalLong size = response.status() == 200
                    ? response.contentLength()
                    : ContentRange.parse(response.header("Content-Range"))
                            .map(ContentRange::sizeBytes)
                            .orElse(OptionalLong.empty());
            return file(
                    path,
                    response,
                    size.orElseThrow(() -> new MusicFsException(
                            FailureKind.CORRUPT, server.name() + " does not say how large " + response.url() + " is")));
        });
    }

    private static boolean isDirectory(RealPath path, Request request, Response response) {
        return path.isRoot()
                || response.url().decodedPath().equals(request.url().decodedPath() + "/");
    }

    static OriginEntry directory(RealPath path) {
        return new OriginEntry(path, true, new FileVersion(0, 0, ""), 0);
    }

    private static OriginEntry file(RealPath path, Response response, long sizeBytes) {
        return new OriginEntry(path, false, Validators.of(response).version(sizeBytes), 0);
    }
}
