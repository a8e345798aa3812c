package dev.musicfs.content.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.model.AudioLayout;
import dev.musicfs.model.ByteRange;
import dev.musicfs.model.ChunkId;
import dev.musicfs.model.FileVersion;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BlockAddressesTest {
    private static final ChunkId ONE = new ChunkId(1, 2, 3, 4);
    private static final ChunkId OTHER = new ChunkId(5, 6, 7, 8);
    private static final long SIZE = 100 << 10; // two blocks

    @Test
    void numbersThatTheFileDoesNotHaveAreIgnored() {
        BlockAddresses addresses =
                new BlockAddresses(SIZE, AudioLayout.unknown(SIZE), Map.of(-1, ONE, 0, ONE, 1, OTHER, 2, ONE));
        assertThat(addresses.all()).isEqualTo(Map.of(0, ONE, 1, OTHER));
    }

    @Test
    void whatTheStoreLostIsStillExpected() {
        BlockAddresses addresses = new BlockAddresses(SIZE, AudioLayout.unknown(SIZE), Map.of());
        assertThat(addresses.nothingStored()).isTrue();
        assertThat(addresses.expected(0)).isNull();
        addresses.stored(0, ONE);
        assertThat(addresses.stored(0)).isEqualTo(ONE);
        assertThat(addresses.nothingStored()).isFalse();
        addresses.lost(0, OTHER);
        assertThat(addresses.stored(0)).as("another was lost").isEqualTo(ONE);
        addresses.lost(0, ONE);
        assertThat(addresses.stored(0)).isNull();
        assertThat(addresses.expected(0)).isEqualTo(ONE);
        assertThat(addresses.all()).isEqualTo(Map.of(0, ONE));
        assertThat(addresses.nothingStored()).isTrue();
    }

    /** It is stored, and compared with those that earlier versions stored. */
    @Test
    void theContentHashIsThatOfTheNumbersInOrder() {
        AudioLayout layout = new AudioLayout(30, 80, List.of(new ByteRange(10, 5), new ByteRange(90, 7)), "");
        Manifest manifest = new Manifest(new FileVersion(100, 1, ""), layout, Map.of(1, OTHER, 0, ONE));
        ByteBuffer bytes = ByteBuffer.allocate(8 * 8 + 2 * 32);
        for (long number : new long[] {100, 30, 80, 2, 10, 5, 90, 7, 1, 2, 3, 4, 5, 6, 7, 8}) {
            bytes.putLong(number);
        }
        assertThat(manifest.content()).isEqualTo(ChunkId.of(bytes.flip()));
    }
}
