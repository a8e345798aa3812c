package dev.musicfs.origin.guard;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ByteRange;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.DirectFiles;
import dev.musicfs.origin.Origin;
import dev.musicfs.origin.OriginEntry;
import dev.musicfs.origin.OriginWatch;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.LocalMessages;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * An origin that is asked over the event bus; answers come on the caller's context. A deadline is the patience with which
 * the reply is waited for. Failures keep their kind and message, not their cause.
 */
final class MessagedOrigin implements Origin {
    /** The verticle ends every listing well before. */
    private static final Duration LISTING = Duration.ofMinutes(20);

    private final GuardedOrigin guard;
    private final Vertx vertx;
    private final OriginAddresses addresses;

    MessagedOrigin(GuardedOrigin guard, Vertx vertx) {
        this.guard = guard;
        this.vertx = vertx;
        this.addresses = guard.addresses();
    }

    @Override
    public OriginId id() {
        return guard.id();
    }

    @Override
    public Future<Void> start() {
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> stop() {
        return Future.succeededFuture();
    }

    @Override
    public Future<List<OriginEntry>> list(RealPath directory) {
        return ask(addresses.list(), new OriginRequest.ListDirectory(directory), LISTING);
    }

    @Override
    public Future<OriginEntry> stat(RealPath path, Deadline deadline) {
        return ask(addresses.stat(), new OriginRequest.Stat(path, deadline), deadline.remaining());
    }

    @Override
    public Future<Buffer> read(RealPath path, FileVersion expected, ByteRange range, Deadline deadline) {
        return ask(addresses.read(), new OriginRequest.Read(path, expected, range, deadline), deadline.remaining());
    }

    @Override
    public Future<Void> probe(Deadline deadline) {
        return ask(addresses.probe(), new OriginRequest.Probe(deadline), deadline.remaining());
    }

    @Override
    public Optional<OriginWatch> watch() {
        return guard.watch();
    }

    @Override
    public Optional<DirectFiles> directFiles() {
        return guard.directFiles();
    }

    private <T> Future<T> ask(String address, OriginRequest request, Duration patience) {
        if (patience.isZero()) {
            return Future.failedFuture(
                    new MusicFsException(FailureKind.TIMEOUT, "The deadline passed before " + address + " was asked."));
        }
        return vertx.eventBus()
                .<T>request(address, request, LocalMessages.request(patience))
                .map(Message::body)
                .recover(failure -> Future.failedFuture(LocalMessages.failure(address, failure)));
    }
}
