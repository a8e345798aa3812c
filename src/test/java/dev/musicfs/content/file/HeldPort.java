package dev.musicfs.content.file;

import dev.musicfs.failure.MusicFsException;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.vfs.ContentPort;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Queue;

/** Holds openings until a test answers them. */
public final class HeldPort implements ContentPort {
    private final TestingFiles files;
    private final Queue<Runnable> answers = new ArrayDeque<>();
    private final Queue<Promise<?>> held = new ArrayDeque<>();

    public HeldPort(TestingFiles files) {
        this.files = files;
    }

    @Override
    public synchronized <T> Future<T> ask(String address, Object request, Class<T> replyType, Deadline deadline) {
        OpenRequest open = (OpenRequest) request;
        Promise<T> reply = Promise.promise();
        held.add(reply);
        answers.add(() -> {
            open.deliver(files.openBlocking(open.fileId()));
            reply.complete(replyType.cast(open));
        });
        return reply.future();
    }

    @Override
    public void onWorker(Disk disk, Runnable task) {
        task.run();
    }

    public synchronized int count() {
        return held.size();
    }

    /** Opens the file of the request that came first. */
    public synchronized void answerFirst() {
        held.remove();
        answers.remove().run();
    }

    public synchronized void failFirst(MusicFsException failure) {
        answers.remove();
        held.remove().fail(failure);
    }
}
