package dev.musicfs.fuse.node;

import dev.musicfs.catalog.NodeRow;
import dev.musicfs.failure.Errno;
import dev.musicfs.fuse.device.FuseReply;
import dev.musicfs.fuse.protocol.FuseRequest;
import dev.musicfs.fuse.protocol.ReplyBody.GetxattrOut;
import dev.musicfs.model.RealPath;
import dev.musicfs.vfs.FileFacts;
import dev.musicfs.vfs.VirtualFileSystem;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** {@code user.musicfs.*} of files. Where there are none at all the kernel asks once, hears ENOSYS and never asks again. */
final class ExtendedAttributes {
    private static final String USER = "user.";
    private static final String OURS = "user.musicfs.";

    private final VirtualFileSystem vfs;

    ExtendedAttributes(VirtualFileSystem vfs) {
        this.vfs = vfs;
    }

    void get(FuseRequest request, FuseReply reply) {
        Optional<FileFacts> facts = vfs.facts();
        if (facts.isEmpty()) {
            fail(reply, Errno.ENOSYS);
            return;
        }
        String name = RealPath.decode(request.name());
        if (!name.startsWith(USER)) {
            // Not ENODATA: upon this, ls asks for no ACL or label of any other file of the mount.
            fail(reply, Errno.EOPNOTSUPP);
            return;
        }
        NodeRow node = vfs.node(NodeViews.idOf(request));
        if (node.isDirectory() || !name.startsWith(OURS)) {
            fail(reply, Errno.ENODATA);
            return;
        }
        Optional<byte[]> fact = facts.get().fact(node.fileId(), name.substring(OURS.length()));
        if (fact.isPresent()) {
            answer(request, reply, fact.get());
        } else {
            fail(reply, Errno.ENODATA);
        }
    }

    void list(FuseRequest request, FuseReply reply) {
        Optional<FileFacts> facts = vfs.facts();
        if (facts.isEmpty()) {
            fail(reply, Errno.ENOSYS);
        } else {
            answer(request, reply, names(facts.get(), vfs.node(NodeViews.idOf(request))));
        }
    }

    /** The names, each with a NUL after it. */
    private static byte[] names(FileFacts facts, NodeRow node) {
        ByteArrayOutputStream names = new ByteArrayOutputStream();
        if (!node.isDirectory()) {
            for (String name : facts.names(node.fileId())) {
                names.writeBytes((OURS + name).getBytes(StandardCharsets.UTF_8));
                names.write(0);
            }
        }
        return names.toByteArray();
    }

    /** With a size of 0 only the length is wanted. */
    private static void answer(FuseRequest request, FuseReply reply, byte[] bytes) {
        int room = request.getxattrIn().sizeBytes();
        if (room == 0) {
            boolean unused = reply.body(new GetxattrOut(bytes.length));
        } else if (room < bytes.length) {
            fail(reply, Errno.ERANGE);
        } else {
            boolean unused = reply.data(ByteBuffer.wrap(bytes));
        }
    }

    private static void fail(FuseReply reply, Errno error) {
        boolean unused = reply.error(error);
    }
}
