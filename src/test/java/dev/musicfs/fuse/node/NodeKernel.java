package dev.musicfs.fuse.node;

import static dev.musicfs.fuse.device.ScriptedKernel.body;
import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.catalog.NodeRow;
import dev.musicfs.content.file.TestingFiles;
import dev.musicfs.failure.Errno;
import dev.musicfs.fuse.device.LoopSettings;
import dev.musicfs.fuse.device.RequestLoop;
import dev.musicfs.fuse.device.ScriptedKernel;
import dev.musicfs.fuse.protocol.Negotiation;
import dev.musicfs.fuse.protocol.Opcode;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.NodeId;
import dev.musicfs.runtime.Clock;
import dev.musicfs.vfs.ContentPort;
import dev.musicfs.vfs.Presentation;
import dev.musicfs.vfs.TestingNamespace;
import dev.musicfs.vfs.VirtualFileSystem;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A kernel of a test's own before the operations and a file system in memory. */
final class NodeKernel implements AutoCloseable {
    static final int NEWEST = 45;
    private static final int UID = 24;
    private static final int PID = 32;
    private static final int ENTRY_BYTES = 128;
    private static final int DIRENT_BYTES = 24;

    final TestingNamespace namespace = new TestingNamespace();
    final TestingFiles files = new TestingFiles();
    final List<Throwable> defects = new CopyOnWriteArrayList<>();
    final VirtualFileSystem vfs;
    final NodeOperations operations;
    final RequestLoop loop;
    private final ScriptedKernel kernel = new ScriptedKernel();
    private long uniques = 1_000_000;

    /** An entry of a listing. */
    record Entry(String name, long inode, long cookie, int type, long nodeid) {}

    NodeKernel(ContentPort port, Presentation look) {
        vfs = new VirtualFileSystem(namespace, port, look, Duration.ofMinutes(10), 10_000);
        operations = new NodeOperations(Path.of("/nowhere"), Duration.ofHours(1), vfs, defects::add);
        operations.announcer().enable(true);
        loop = new RequestLoop(
                kernel.device(),
                new LoopSettings(new Negotiation.Wishes(1 << 17, 160), vfs.patience(), Clock.system()),
                operations,
                defects::add);
        loop.start();
    }

    void init(long flags) {
        kernel.init(NEWEST, flags);
    }

    NodeRow file(long id, NodeId parent, String name, Path content) {
        FileVersion version = files.add(id, content);
        return namespace.put(new NodeRow(new NodeId(id), parent, name, id, version.sizeBytes(), version.mtimeNanos()));
    }

    long send(Opcode opcode, long nodeid, byte[] body) {
        return kernel.send(opcode, nodeid, body);
    }

    ScriptedKernel.Reply receive() {
        return kernel.receive();
    }

    void interrupt(long unique) {
        kernel.interrupt(unique);
    }

    ScriptedKernel.Reply ask(Opcode opcode, long nodeid, byte[] body) {
        long unique = send(opcode, nodeid, body);
        ScriptedKernel.Reply reply = receive();
        assertThat(reply.unique()).isEqualTo(unique);
        return reply;
    }

    /** The same by a user and group of this number, with a thread id. */
    ScriptedKernel.Reply askAs(int user, int thread, Opcode opcode, long nodeid, byte[] body) {
        byte[] request = ScriptedKernel.request(opcode.number(), ++uniques, nodeid, body);
        ByteBuffer.wrap(request)
                .order(java.nio.ByteOrder.nativeOrder())
                .putInt(UID, user)
                .putInt(UID + 4, user)
                .putInt(PID, thread);
        kernel.sendBytes(request);
        ScriptedKernel.Reply reply = receive();
        assertThat(reply.unique()).isEqualTo(uniques);
        return reply;
    }

    /** The node that LOOKUP finds, 0 for none. */
    long lookup(long parent, String name) {
        ScriptedKernel.Reply reply = ask(Opcode.LOOKUP, parent, ScriptedKernel.names(name));
        return reply.is(Errno.ENOENT) ? 0 : reply.body().getLong(0);
    }

    void forget(long nodeid, long times) {
        long unused = send(Opcode.FORGET, nodeid, body(8).putLong(times).array());
        // It has no reply: whatever is answered after it shows that it was read.
        assertThat(ask(Opcode.STATFS, 1, new byte[0]).error()).isZero();
    }

    long open(long nodeid) {
        ScriptedKernel.Reply reply = ask(Opcode.OPEN, nodeid, new byte[8]);
        assertThat(reply.error()).isZero();
        return reply.body().getLong(0);
    }

    static byte[] readIn(long handle, long offset, int size) {
        return body(40).putLong(handle).putLong(offset).putInt(size).array();
    }

    /** Entries after a cookie, as many as fit. */
    List<Entry> list(long directory, long cookie, int size, boolean plus) {
        ScriptedKernel.Reply reply =
                ask(plus ? Opcode.READDIRPLUS : Opcode.READDIR, directory, readIn(0, cookie, size));
        assertThat(reply.error()).isZero();
        List<Entry> entries = new ArrayList<>();
        ByteBuffer body = reply.body();
        while (body.hasRemaining()) {
            int start = body.position();
            long nodeid = plus ? body.getLong(start) : 0;
            int at = plus ? start + ENTRY_BYTES : start;
            byte[] name = new byte[body.getInt(at + 16)];
            body.get(at + DIRENT_BYTES, name);
            entries.add(new Entry(
                    new String(name, StandardCharsets.UTF_8),
                    body.getLong(at),
                    body.getLong(at + 8),
                    body.getInt(at + 20),
                    nodeid));
            body.position(at + (DIRENT_BYTES + name.length + 7) / 8 * 8);
        }
        return entries;
    }

    @Override
    public void close() {
        kernel.close();
        assertThat(loop.ended()).succeedsWithin(60, TimeUnit.SECONDS);
        vfs.close();
        assertThat(defects).isEmpty();
    }
}
