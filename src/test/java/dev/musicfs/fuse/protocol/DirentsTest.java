package dev.musicfs.fuse.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.testkit.Trials;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class DirentsTest {
    private static final ReplyBody.Attr ATTR = new ReplyBody.Attr(11, 12, 13, -1, 0100444, 1, 14, 15, 4096);
    private static final ReplyBody.EntryOut ENTRY =
            new ReplyBody.EntryOut(11, 2, Duration.ofMillis(3_000_004), Duration.ofSeconds(5), ATTR);

    private record Entry(long ino, long cookie, int type, String name) {}

    @Test
    void packsEntriesAsTheKernelReadsThem() {
        ByteBuffer to = ByteBuffer.allocate(80).order(ByteOrder.nativeOrder());
        Dirents dirents = new Dirents(to);
        assertThat(dirents.add(1, 7, Dirents.DT_DIR, bytes("."))).isTrue();
        assertThat(dirents.add(11, 8, Dirents.DT_REG, bytes("12345678"))).isTrue();
        assertThat(to.position()).isEqualTo(32 + 32);
        assertThat(dirents.add(12, 9, Dirents.DT_REG, bytes("x"))).as("fits").isFalse();
        assertThat(to.position()).isEqualTo(64);
        assertThat(dirents.count()).isEqualTo(2);
        assertThat(unpack(to.flip(), false))
                .containsExactly(new Entry(1, 7, Dirents.DT_DIR, "."), new Entry(11, 8, Dirents.DT_REG, "12345678"));
    }

    @Test
    void packsAttributesBeforeTheEntry() {
        ByteBuffer to = ByteBuffer.allocate(500).order(ByteOrder.nativeOrder());
        Dirents dirents = new Dirents(to);
        assertThat(dirents.addPlus(ENTRY, 11, 8, Dirents.DT_REG, bytes("a.flac")))
                .isTrue();
        assertThat(to.position()).isEqualTo(128 + 32);
        to.flip();
        assertThat(to.getLong(0)).as("nodeid").isEqualTo(11);
        assertThat(to.getLong(8)).as("generation").isEqualTo(2);
        assertThat(to.getLong(16)).as("entry_valid").isEqualTo(3000);
        assertThat(to.getLong(24)).as("attr_valid").isEqualTo(5);
        assertThat(to.getInt(32)).as("entry_valid_nsec").isEqualTo(4_000_000);
        assertThat(to.getLong(40)).as("ino").isEqualTo(11);
        assertThat(to.getLong(48)).as("size").isEqualTo(12);
        assertThat(to.getLong(56)).as("blocks").isEqualTo(13);
        assertThat(to.getLong(72)).as("mtime, before the epoch").isEqualTo(-1);
        assertThat(to.getInt(92)).as("mtimensec").isEqualTo(999_999_999);
        assertThat(to.getInt(100)).as("mode").isEqualTo(0100444);
        assertThat(to.getInt(104)).as("nlink").isEqualTo(1);
        assertThat(to.getInt(108)).as("uid").isEqualTo(14);
        assertThat(to.getInt(112)).as("gid").isEqualTo(15);
        assertThat(to.getInt(120)).as("blksize").isEqualTo(4096);
        assertThat(unpack(to, true)).containsExactly(new Entry(11, 8, Dirents.DT_REG, "a.flac"));
    }

    @Test
    void namesForWhichTheKernelRefusesTheWholeReplyAreLeftOut() {
        ByteBuffer to = ByteBuffer.allocate(5000).order(ByteOrder.nativeOrder());
        Dirents dirents = new Dirents(to);
        for (byte[] name : List.of(new byte[0], bytes("a/b"), bytes("a\0"), new byte[0], filled(1025))) {
            assertThat(dirents.add(1, 1, Dirents.DT_REG, name)).isTrue();
            assertThat(dirents.addPlus(ENTRY, 1, 1, Dirents.DT_REG, name)).isTrue();
        }
        assertThat(to.position()).isZero();
        assertThat(dirents.count()).isZero();
        assertThat(dirents.add(1, 1, Dirents.DT_REG, filled(1024))).isTrue();
        assertThat(dirents.count()).isEqualTo(1);
    }

    @Test
    void whateverWasPackedIsReadBackAndNothingIsWrittenPastTheEnd() {
        Trials.check(500, draw -> {
            boolean plus = draw.flag();
            int limit = draw.number(0, 900);
            ByteBuffer to = ByteBuffer.allocate(1000).order(ByteOrder.nativeOrder());
            Arrays.fill(to.array(), (byte) 0xAA);
            to.limit(limit);
            Dirents dirents = new Dirents(to);
            List<Entry> packed = new ArrayList<>();
            for (int i = 1; i < 40; i++) {
                Entry entry = new Entry(draw.anyLong(), i, Dirents.DT_REG, "n".repeat(draw.number(1, 60)));
                byte[] name = bytes(entry.name());
                boolean fits = plus
                        ? dirents.addPlus(ENTRY, entry.ino(), i, entry.type(), name)
                        : dirents.add(entry.ino(), i, entry.type(), name);
                if (fits) {
                    packed.add(entry);
                }
            }
            assertThat(dirents.count()).isEqualTo(packed.size());
            for (int at = to.position(); at < 1000; at++) {
                assertThat(to.array()[at]).isEqualTo((byte) 0xAA);
            }
            assertThat(unpack(to.flip(), plus)).isEqualTo(packed);
        });
    }

    private static List<Entry> unpack(ByteBuffer from, boolean plus) {
        List<Entry> entries = new ArrayList<>();
        while (from.hasRemaining()) {
            if (plus) {
                from.position(from.position() + 128);
            }
            long ino = from.getLong();
            long cookie = from.getLong();
            byte[] name = new byte[from.getInt()];
            int type = from.getInt();
            from.get(name);
            entries.add(new Entry(ino, cookie, type, new String(name, StandardCharsets.UTF_8)));
            from.position((from.position() + 7) / 8 * 8);
        }
        return entries;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] filled(int length) {
        byte[] name = new byte[length];
        Arrays.fill(name, (byte) 'n');
        return name;
    }
}
