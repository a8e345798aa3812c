package dev.musicfs.fuse.node;

import dev.musicfs.catalog.NodeRow;
import dev.musicfs.failure.Errno;
import dev.musicfs.failure.Failpoint;
import dev.musicfs.failure.Failpoints;
import dev.musicfs.fuse.device.FuseReply;
import dev.musicfs.fuse.device.ReplyBuffer;
import dev.musicfs.fuse.device.ReplyBuffers;
import dev.musicfs.fuse.protocol.FuseRequest;
import dev.musicfs.fuse.protocol.ReplyBody.OpenOut;
import dev.musicfs.fuse.protocol.RequestBody.ReadIn;
import dev.musicfs.vfs.Attributes;
import dev.musicfs.vfs.ReadTarget;
import dev.musicfs.vfs.VirtualFileSystem;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * OPEN, READ and RELEASE. What is not there yet is answered by whoever has it, on no thread of the kernel's requests; an asker
 * who gives up hears EINTR at once, and what comes later is given back.
 */
final class OpenFiles {
    private final VirtualFileSystem vfs;
    private final NodeViews views;
    private final Changes changes;
    private final Failures failures;

    OpenFiles(VirtualFileSystem vfs, NodeViews views, Changes changes, Failures failures) {
        this.vfs = vfs;
        this.views = views;
        this.changes = changes;
        this.failures = failures;
    }

    void open(FuseRequest request, FuseReply reply) {
        if (request.openIn().wantsToWrite()) {
            changes.openForWriting(request, reply);
            return;
        }
        NodeRow node = vfs.node(NodeViews.idOf(request));
        if (!views.permits(request, node, Attributes.READ)) {
            boolean unused = reply.error(Errno.EACCES);
            return;
        }
        answerLater(reply, vfs.open(node.id(), reply.deadline()), this::opened);
    }

    private void opened(FuseReply reply, AsyncResult<VirtualFileSystem.Opened> outcome) {
        if (outcome.failed()) {
            failures.answer(reply, outcome.cause());
            return;
        }
        VirtualFileSystem.Opened opened = outcome.result();
        int flags = OpenOut.FOPEN_NOFLUSH;
        if (opened.keepPages()) {
            flags |= OpenOut.FOPEN_KEEP_CACHE;
        }
        if (opened.pastPages()) {
            flags |= OpenOut.FOPEN_DIRECT_IO;
        }
        if (!reply.body(new OpenOut(opened.handle(), flags))) {
            vfs.release(opened.handle());
        }
    }

    /** @param mayBlock whether this thread may wait for a disk */
    void read(FuseRequest request, FuseReply reply, boolean mayBlock) {
        ReadIn in = request.readIn();
        Target target = new Target(reply, Math.min(in.sizeBytes(), ReplyBuffers.MAX_CONTENT_BYTES));
        Future<Integer> reading = vfs.read(in.fh(), in.offset(), target.size, target, reply.deadline(), mayBlock);
        answerLater(reply, reading, (answered, outcome) -> {
            if (outcome.failed()) {
                target.giveBack();
                failures.answer(answered, outcome.cause());
            } else {
                try {
                    Failpoints.hit(Failpoint.FUSE_READ_BEFORE_REPLY);
                    target.send(outcome.result());
                } finally {
                    target.giveBack();
                }
            }
        });
    }

    void release(FuseRequest request, FuseReply reply) {
        vfs.release(request.handleIn().fh());
        boolean unused = reply.ok();
    }

    /** What is done with an outcome. */
    private interface Answer<T> {
        void give(FuseReply reply, AsyncResult<T> outcome);
    }

    private <T> void answerLater(FuseReply reply, Future<T> running, Answer<T> answer) {
        if (!running.isComplete()) {
            reply.onInterrupt(() -> {
                boolean unused = reply.error(Errno.EINTR);
            });
        }
        running.onComplete(outcome -> failures.guard(reply, () -> answer.give(reply, outcome)));
    }

    /** Memory of the pool, taken for as long as there are bytes for it. */
    private static final class Target implements ReadTarget {
        private final FuseReply reply;
        private final int size;
        private @Nullable ReplyBuffer buffer;

        Target(FuseReply reply, int size) {
            this.reply = reply;
            this.size = size;
        }

        @Override
        public ByteBuffer take() {
            ReplyBuffer taken = reply.buffer(size);
            buffer = taken;
            return taken.content();
        }

        @Override
        public void giveBack() {
            ReplyBuffer taken = buffer;
            if (taken != null) {
                taken.close();
                buffer = null;
            }
        }

        void send(int count) {
            ReplyBuffer taken = buffer;
            if (taken == null) {
                boolean unused = reply.data(ByteBuffer.allocate(0));
            } else {
                taken.content().position(count);
                boolean unused = reply.data(taken);
            }
        }
    }
}
