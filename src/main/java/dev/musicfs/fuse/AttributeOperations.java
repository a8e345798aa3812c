package dev.musicfs.fuse;

import dev.musicfs.catalog.NodeRow;
import dev.musicfs.failure.Errno;
import dev.musicfs.model.RealPath;
import dev.musicfs.vfs.FileFacts;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Extended attributes: {@code user.musicfs.*} of files. Registered only when there are any; otherwise the kernel asks
 * once, hears ENOSYS and never asks again.
 */
final class AttributeOperations {
    private static final String USER = "user.";
    private static final String OURS = "user.musicfs.";

    private final FileFacts facts;
    private final NodePath paths;
    private final CallGuard guard;

    AttributeOperations(FileFacts facts, NodePath paths, CallGuard guard) {
        this.facts = facts;
        this.paths = paths;
        this.guard = guard;
    }

    void register(OperationTable table) {
        table.set(OperationTable.GETXATTR, (Upcall.Four)
                (path, name, value, size) -> guard.run(() -> get(path, name, value, size)));
        table.set(OperationTable.LISTXATTR, (Upcall.Three)
                (path, list, size) -> guard.run(() -> answer(list(paths.require(path)), list, size)));
    }

    private int get(long path, long cName, long value, long size) {
        String name = RealPath.decode(NativeMemory.IO.getZeroTerminatedByteArray(cName));
        if (!name.startsWith(USER)) {
            // Not ENODATA: upon this, ls asks for no ACL or label of any other file of the mount.
            return Errno.EOPNOTSUPP.negated();
        }
        NodeRow node = paths.require(path);
        if (node.isDirectory() || !name.startsWith(OURS)) {
            return Errno.ENODATA.negated();
        }
        Optional<byte[]> fact = facts.fact(node.fileId(), name.substring(OURS.length()));
        return fact.isPresent() ? answer(fact.get(), value, size) : Errno.ENODATA.negated();
    }

    /** The names, each with a NUL after it. */
    private byte[] list(NodeRow node) {
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
    private static int answer(byte[] bytes, long address, long size) {
        if (size == 0) {
            return bytes.length;
        }
        if (size < bytes.length) {
            return Errno.ERANGE.negated();
        }
        NativeMemory.IO.putByteArray(address, bytes, 0, bytes.length);
        return bytes.length;
    }
}
