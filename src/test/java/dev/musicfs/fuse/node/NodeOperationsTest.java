package dev.musicfs.fuse.node;

import static dev.musicfs.fuse.device.ScriptedKernel.body;
import static dev.musicfs.fuse.device.ScriptedKernel.join;
import static dev.musicfs.fuse.device.ScriptedKernel.names;
import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.catalog.NodeRow;
import dev.musicfs.content.file.TestingFiles;
import dev.musicfs.content.file.TestingPort;
import dev.musicfs.failure.Errno;
import dev.musicfs.fuse.device.ScriptedKernel.Reply;
import dev.musicfs.fuse.protocol.Negotiation;
import dev.musicfs.fuse.protocol.Opcode;
import dev.musicfs.model.NodeId;
import dev.musicfs.posix.CLibrary;
import dev.musicfs.vfs.Presentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the kernel is answered, by node, without a kernel. */
@Timeout(120)
class NodeOperationsTest {
    private static final NodeId ALBUM = new NodeId(2);
    private static final int STRANGER = 4242;
    private static final int W_OK = 2;

    @TempDir
    Path dir;

    private NodeKernel kernel;

    @AfterEach
    void close() {
        kernel.close();
    }

    private void begin(int fileMode, int dirMode) throws Exception {
        begin(fileMode, dirMode, Negotiation.FUSE_NO_OPENDIR_SUPPORT);
    }

    private void begin(int fileMode, int dirMode, long flags) throws Exception {
        TestingFiles files = new TestingFiles();
        kernel = new NodeKernel(new TestingPort(files), new Presentation(fileMode, dirMode, 0, 0));
        kernel.namespace.directory(ALBUM.value(), NodeId.ROOT, "Album");
        Path content = Files.writeString(dir.resolve("t"), "0123456789");
        files.add(3, content);
        kernel.file(3, ALBUM, "01.flac", content);
        kernel.init(flags);
    }

    private boolean knows(NodeId directory) {
        return kernel.operations
                .announcer()
                .isKnown(kernel.namespace.node(directory).orElseThrow());
    }

    @Test
    void aDirectoryIsKnownUntilEveryLookupOfItIsForgotten() throws Exception {
        begin(0444, 0555);
        assertThat(knows(NodeId.ROOT)).isFalse();
        assertThat(kernel.lookup(1, "nobody")).isZero();
        assertThat(knows(NodeId.ROOT)).isTrue();
        assertThat(knows(ALBUM)).isFalse();
        assertThat(kernel.lookup(1, "Album")).isEqualTo(2);
        assertThat(kernel.lookup(1, "Album")).isEqualTo(2);
        kernel.forget(2, 1);
        assertThat(knows(ALBUM)).isTrue();
        kernel.forget(2, 1);
        assertThat(knows(ALBUM)).isFalse();

        assertThat(kernel.list(1, 0, 4096, true)).hasSize(3);
        assertThat(knows(ALBUM)).isTrue();
        kernel.send(
                Opcode.BATCH_FORGET,
                0,
                body(8 + 32)
                        .putInt(2)
                        .putInt(0)
                        .putLong(2)
                        .putLong(1)
                        .putLong(3)
                        .putLong(1)
                        .array());
        assertThat(kernel.ask(Opcode.STATFS, 1, new byte[0]).error()).isZero();
        assertThat(knows(ALBUM)).isFalse();
        // What was forgotten is still there for who has its number, as a client of NFS does.
        assertThat(kernel.lookup(3, ".")).isEqualTo(3);
        assertThat(knows(ALBUM)).as("a file in it was reached, and may change").isTrue();
        assertThat(kernel.lookup(3, "..")).isEqualTo(2);
        assertThat(kernel.ask(Opcode.LOOKUP, 99, names(".")).is(Errno.ENOENT)).isTrue();
    }

    @Test
    void aListingWithoutAttributesTellsTheKernelOfNoEntry() throws Exception {
        begin(0444, 0555);
        assertThat(kernel.list(1, 0, 4096, false))
                .extracting(NodeKernel.Entry::name)
                .containsExactly(".", "..", "Album");
        assertThat(knows(ALBUM)).isFalse();
    }

    @Test
    void aReaderGoesOnAfterItsLastEntryWhateverHasBecomeOfIt() throws Exception {
        begin(0444, 0555);
        for (int i = 0; i < 20; i++) {
            kernel.namespace.put(new NodeRow(new NodeId(100 + i), ALBUM, "f" + (char) ('a' + i), 7, 5, 5));
        }
        List<NodeKernel.Entry> first = kernel.list(2, 0, 400, false);
        NodeKernel.Entry last = first.get(first.size() - 1);
        assertThat(last.name()).startsWith("f");
        List<String> expected = new ArrayList<>();
        kernel.namespace.children(ALBUM, last.name(), 100).forEach(row -> expected.add(row.name()));
        assertThat(expected).hasSizeGreaterThan(5);

        NodeRow row = kernel.namespace.node(new NodeId(last.inode())).orElseThrow();
        Announcing.as(kernel, () -> {
            NodeRow moved = new NodeRow(row.id(), ALBUM, "zz", 7, 5, 5);
            kernel.namespace.pend(moved);
            Reply reply = kernel.askAs(
                    0,
                    Announcing.thread(),
                    Opcode.RENAME,
                    2,
                    join(body(8).putLong(2).array(), names(row.name(), "zz")));
            assertThat(reply.error()).isZero();
        });
        assertThat(namesAfter(last.cookie())).containsExactlyElementsOf(plus(expected, "zz"));
        NodeKernel.Entry again = entriesAfter(last.cookie()).stream()
                .filter(each -> each.name().equals("zz"))
                .findFirst()
                .orElseThrow();
        assertThat(namesAfter(again.cookie())).as("after its new place").isEmpty();

        Announcing.as(kernel, () -> {
            kernel.namespace.pendRemoval(kernel.namespace.node(row.id()).orElseThrow());
            assertThat(kernel.askAs(0, Announcing.thread(), Opcode.UNLINK, 2, names("zz"))
                            .error())
                    .isZero();
        });
        assertThat(namesAfter(last.cookie())).containsExactlyElementsOf(expected);
        assertThat(namesAfter(again.cookie())).isEmpty();
        assertThat(kernel.ask(Opcode.READDIR, 2, NodeKernel.readIn(0, 98_765, 400))
                        .is(Errno.ESTALE))
                .as("a place that never was")
                .isTrue();
    }

    private static List<String> plus(List<String> names, String more) {
        List<String> all = new ArrayList<>(names);
        all.add(more);
        return all;
    }

    private List<String> namesAfter(long cookie) {
        return entriesAfter(cookie).stream().map(NodeKernel.Entry::name).toList();
    }

    private List<NodeKernel.Entry> entriesAfter(long cookie) {
        List<NodeKernel.Entry> all = new ArrayList<>();
        List<NodeKernel.Entry> page = kernel.list(2, cookie, 200, false);
        while (!page.isEmpty()) {
            all.addAll(page);
            page = kernel.list(2, page.get(page.size() - 1).cookie(), 200, false);
        }
        return all;
    }

    @Test
    void directoriesAreOpenedWithoutAskingOnlyWhereEverybodyMay() throws Exception {
        begin(0444, 0555);
        assertThat(kernel.ask(Opcode.OPENDIR, 2, new byte[8]).is(Errno.ENOSYS)).isTrue();
        kernel.close();
        begin(0444, 0555, 0);
        assertThat(kernel.ask(Opcode.OPENDIR, 2, new byte[8]).error()).isZero();
        kernel.close();
        begin(0444, 0500);
        assertThat(kernel.ask(Opcode.OPENDIR, 2, new byte[8]).error()).isZero();
        assertThat(kernel.askAs(STRANGER, 0, Opcode.OPENDIR, 2, new byte[8]).is(Errno.EACCES))
                .isTrue();
    }

    @Test
    void aModeThatKeepsOthersOutKeepsThemOutOfWhatIsBelow() throws Exception {
        begin(0444, 0500);
        Reply found = kernel.ask(Opcode.LOOKUP, 2, names("01.flac"));
        assertThat(found.body().getLong(16))
                .as("the kernel may not find it for others")
                .isZero();
        assertThat(found.body().getLong(24)).as("attributes").isEqualTo(3600);
        assertThat(kernel.askAs(STRANGER, 0, Opcode.LOOKUP, 1, names("Album")).is(Errno.EACCES))
                .isTrue();
        assertThat(kernel.list(1, 0, 4096, true))
                .extracting(NodeKernel.Entry::nodeid)
                .containsOnly(0L);
    }

    @Test
    void whoMayReadMayOpenAndNobodyMayWrite() throws Exception {
        begin(0440, 0555);
        assertThat(kernel.askAs(STRANGER, 0, Opcode.OPEN, 3, new byte[8]).is(Errno.EACCES))
                .isTrue();
        assertThat(access(STRANGER, 3, 4).is(Errno.EACCES)).isTrue();
        assertThat(access(0, 3, 4).error()).isZero();
        assertThat(access(0, 3, 1).is(Errno.EACCES))
                .as("nothing in it to execute")
                .isTrue();
        assertThat(access(STRANGER, 2, 5).error()).isZero();
        for (int user : new int[] {0, STRANGER}) {
            assertThat(access(user, 3, W_OK).is(Errno.EROFS)).isTrue();
            assertThat(access(user, 1, W_OK | 1).is(Errno.EROFS)).isTrue();
        }
    }

    private Reply access(int user, long node, int mask) {
        return kernel.askAs(user, 0, Opcode.ACCESS, node, body(8).putInt(mask).array());
    }

    @Test
    void everyChangeIsRefusedAsOfAReadOnlyFileSystem() throws Exception {
        begin(0444, 0555);
        byte[] twoNames = names("01.flac", "x");
        byte[] oneName = names("01.flac");
        refused(Opcode.MKNOD, join(body(16).array(), oneName));
        refused(Opcode.MKDIR, join(body(8).array(), oneName));
        refused(Opcode.UNLINK, oneName);
        refused(Opcode.RMDIR, oneName);
        refused(Opcode.RENAME, join(body(8).putLong(1).array(), twoNames));
        refused(Opcode.RENAME2, join(body(16).putLong(1).array(), twoNames));
        refused(Opcode.SYMLINK, twoNames);
        refused(Opcode.LINK, join(body(8).putLong(3).array(), oneName));
        refused(Opcode.CREATE, join(body(16).array(), oneName));
        refused(Opcode.SETATTR, body(88).putInt(1).array());
        refused(Opcode.WRITE, body(44).array());
        refused(Opcode.FALLOCATE, body(32).array());
        refused(Opcode.SETXATTR, join(body(8).array(), names("user.x", "y")));
        refused(Opcode.REMOVEXATTR, names("user.x"));
        refused(Opcode.OPEN, body(8).putInt(1).array());
        assertThat(kernel.namespace.lookup(ALBUM, "01.flac")).isPresent();
    }

    private void refused(Opcode opcode, byte[] body) {
        assertThat(kernel.ask(opcode, 2, body).is(Errno.EROFS)).as("%s", opcode).isTrue();
    }

    @Test
    void whatTheKernelCanDoItselfItIsToldToDo() throws Exception {
        begin(0444, 0555);
        assertThat(kernel.ask(Opcode.FLUSH, 3, body(24).array()).is(Errno.ENOSYS))
                .isTrue();
        assertThat(kernel.ask(Opcode.LSEEK, 3, body(24).array()).is(Errno.ENOSYS))
                .isTrue();
        assertThat(kernel.ask(Opcode.GETXATTR, 3, join(body(8).array(), names("user.x")))
                        .is(Errno.ENOSYS))
                .isTrue();
    }

    @Test
    void bytesComeByHandleAndAnEndIsAnEmptyReply() throws Exception {
        begin(0444, 0555);
        long handle = kernel.open(3);
        Reply reply = kernel.ask(Opcode.READ, 3, NodeKernel.readIn(handle, 8, 4096));
        assertThat(reply.error()).isZero();
        assertThat(reply.body().remaining()).isEqualTo(2);
        assertThat(reply.body().get(0)).isEqualTo((byte) '8');
        assertThat(kernel.ask(Opcode.READ, 3, NodeKernel.readIn(handle, 10, 4096))
                        .body()
                        .remaining())
                .isZero();
        assertThat(kernel.ask(Opcode.READ, 3, NodeKernel.readIn(handle + 1, 0, 4096))
                        .is(Errno.EINVAL))
                .isTrue();
        assertThat(kernel.ask(Opcode.RELEASE, 3, body(24).putLong(handle).array())
                        .error())
                .isZero();
        assertThat(kernel.vfs.openFileCount()).isZero();
    }

    /** Makes this thread one that announces. */
    private static final class Announcing {
        static int thread() {
            return CLibrary.calls().gettid();
        }

        static void as(NodeKernel kernel, Runnable change) {
            kernel.operations.announcements().begin(thread());
            try {
                change.run();
            } finally {
                kernel.operations.announcements().end(thread());
            }
        }
    }
}
