package dev.musicfs.content.file;

import dev.musicfs.runtime.LocalMessages;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;

/**
 * Answers requests that may have to wait for an origin, the catalog or a disk. The state of all files and of all that is
 * fetched and stored lives on this verticle's event loop.
 */
public final class ContentVerticle extends VerticleBase {
    /** Takes an {@link OpenRequest}; the reply says that the file is in it. */
    public static final String OPEN = "musicfs.content.open";
    /** Takes a {@link ReadRequest}; the reply says that the bytes are in it. */
    public static final String READ = "musicfs.content.read";
    /** Takes a {@link DirectFile} whose disk has failed; the reply says that its other copies have been opened. */
    public static final String FALLBACK = "musicfs.content.fallback";

    private final FileOpener opener;

    /** Not yet deployed. */
    public ContentVerticle(FileOpener opener) {
        this.opener = opener;
    }

    @Override
    public Future<?> start() {
        opener.started(context);
        vertx.eventBus().<OpenRequest>localConsumer(OPEN, this::open);
        vertx.eventBus().<ReadRequest>localConsumer(READ, this::read);
        vertx.eventBus().<DirectFile>localConsumer(FALLBACK, this::fallBack);
        return Future.succeededFuture();
    }

    private void open(Message<OpenRequest> message) {
        OpenRequest request = message.body();
        opener.open(request.fileId(), request.deadline())
                .onSuccess(file -> {
                    request.deliver(file);
                    message.reply(request, LocalMessages.reply());
                })
                .onFailure(failure -> LocalMessages.fail(message, failure));
    }

    private void fallBack(Message<DirectFile> message) {
        DirectFile file = message.body();
        file.openFallback()
                .onSuccess(opened -> message.reply(file, LocalMessages.reply()))
                .onFailure(failure -> LocalMessages.fail(message, failure));
    }

    private void read(Message<ReadRequest> message) {
        ReadRequest request = message.body();
        request.file()
                .read(request.range(), request.pastStore(), request.deadline())
                .onSuccess(bytes -> {
                    request.deliver(bytes);
                    message.reply(request, LocalMessages.reply());
                })
                .onFailure(failure -> LocalMessages.fail(message, failure));
    }
}
