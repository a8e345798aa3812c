package dev.musicfs.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.testkit.Trials;
import io.netty.util.IllegalReferenceCountException;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Memory that is lent and comes back. */
class BufferPoolTest {
    private static final int KIB = 1 << 10;

    private final BufferPool pool = new BufferPool(64 * KIB);

    @Test
    void memoryComesBackWithTheLastReference() {
        PooledBuffer buffer = pool.take(10 * KIB);
        buffer.retain();
        buffer.release();
        assertThat(pool.lentBytes()).isEqualTo(10 * KIB);
        buffer.release();
        assertThat(pool.lentBytes()).isZero();
        assertThatThrownBy(buffer::bytes).isInstanceOf(IllegalReferenceCountException.class);
        assertThatThrownBy(buffer::retain).isInstanceOf(IllegalReferenceCountException.class);
    }

    @Test
    void noMoreIsLentThanTheBound() {
        PooledBuffer all = pool.take(64 * KIB);
        assertThatThrownBy(() -> pool.take(1))
                .isInstanceOfSatisfying(
                        MusicFsException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.UNAVAILABLE))
                .hasMessage("Reads hold 65536 bytes of memory already, the most allowed.");
        assertThat(pool.lentBytes()).isEqualTo(64 * KIB);
        all.release();
        pool.take(64 * KIB).release();
    }

    @Test
    void whatIsPutIsThereAndMoreThanFitsIsOnlyCounted() {
        PooledBuffer buffer = pool.take(4);
        assertThat(buffer.bytes().isDirect()).isTrue();
        assertThat(buffer.put(Buffer.buffer("abcdef"))).isEqualTo(6);
        assertThat(buffer.copy(1, 3)).asString().isEqualTo("bcd");
        assertThat(buffer.put(Buffer.buffer("xy"))).isEqualTo(2);
        assertThat(buffer.copy(0, 4)).asString().isEqualTo("xycd");
        buffer.release();
    }

    @Test
    void buffersInUseNeverShareMemory() {
        Trials.check(20, draw -> {
            BufferPool many = new BufferPool(64 << 20);
            List<PooledBuffer> lent = new ArrayList<>();
            List<Integer> marks = new ArrayList<>();
            for (int step = 0; step < 200; step++) {
                if (lent.isEmpty() || draw.number(0, 2) > 0) {
                    PooledBuffer buffer = many.take(draw.number(8, 300 * KIB));
                    buffer.bytes().putInt(0, step).putInt(buffer.length() - 4, step);
                    lent.add(buffer);
                    marks.add(step);
                } else {
                    int which = draw.number(0, lent.size() - 1);
                    PooledBuffer buffer = lent.remove(which);
                    int mark = marks.remove(which);
                    assertThat(buffer.bytes().getInt(0)).isEqualTo(mark);
                    assertThat(buffer.bytes().getInt(buffer.length() - 4)).isEqualTo(mark);
                    buffer.release();
                }
                assertThat(many.lentBytes())
                        .isEqualTo(lent.stream().mapToLong(PooledBuffer::length).sum());
            }
            lent.forEach(PooledBuffer::release);
            assertThat(many.lentBytes()).isZero();
        });
    }
}
