package dev.musicfs.content.file;

import dev.musicfs.runtime.Deadline;
import dev.musicfs.vfs.ContentPort;
import io.vertx.core.Future;

/** Answers openings on the calling thread. */
public final class TestingPort implements ContentPort {
    private final TestingFiles files;

    public TestingPort(TestingFiles files) {
        this.files = files;
    }

    @Override
    public <T> Future<T> ask(String address, Object request, Class<T> replyType, Deadline deadline) {
        OpenRequest open = (OpenRequest) request;
        return files.open(open.fileId(), deadline).map(file -> {
            open.deliver(file);
            return replyType.cast(open);
        });
    }

    @Override
    public void onWorker(Disk disk, Runnable task) {
        task.run();
    }
}
