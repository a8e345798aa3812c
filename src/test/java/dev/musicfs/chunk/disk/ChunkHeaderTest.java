package dev.musicfs.chunk.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.chunk.ChunkStore;
import dev.musicfs.chunk.EvictionClass;
import dev.musicfs.model.ChunkId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files of earlier versions have to be read: what is on the disk is compared byte by byte. */
class ChunkHeaderTest {
    private static final int SEGMENT = 4096;
    private static final int CHECKSUM_AT = 48;
    private static final byte[] BYTES = TestingFiles.bytes(SEGMENT + 5);
    private static final ChunkId CHUNK = ChunkId.of(ByteBuffer.wrap(BYTES));

    @Test
    void isWrittenAsItsDescriptionSays() {
        ByteBuffer bytes = ByteBuffer.allocate(3 + BYTES.length).put(3, BYTES).position(3);
        ByteBuffer page = ByteBuffer.allocate(2 * ChunkHeader.BYTES).position(17);
        for (int i = 0; i < page.capacity(); i++) {
            page.put(i, (byte) 0x77);
        }
        ChunkHeader.of(CHUNK, bytes, EvictionClass.TAGS, SEGMENT).writeTo(page);

        ByteBuffer expected = ByteBuffer.allocate(ChunkHeader.BYTES);
        expected.put("MFSCHUNK".getBytes(StandardCharsets.US_ASCII));
        expected.putShort((short) 1).put((byte) 12).put((byte) 0).putInt(SEGMENT + 5);
        expected.put(CHUNK.toBytes()).putInt(0).put((byte) 'T').put(new byte[3]);
        expected.putInt(crc(BYTES, 0, SEGMENT)).putInt(crc(BYTES, SEGMENT, 5));
        assertThat(page).isEqualTo(sealed(expected.clear()));
        assertThat(bytes.position()).isEqualTo(3);
    }

    @Test
    void isReadAsItWasWritten() throws DamagedChunkException {
        ChunkHeader read = ChunkHeader.parse(page(), CHUNK);
        assertThat(read.chunk()).isEqualTo(CHUNK);
        assertThat(read.chunkBytes()).isEqualTo(SEGMENT + 5);
        assertThat(read.fileBytes()).isEqualTo(4096 + SEGMENT + 5);
        assertThat(read.segmentBytes()).isEqualTo(SEGMENT);
        assertThat(read.evictionClass()).isEqualTo(EvictionClass.AUDIO);
        assertThat(read.segments()).isEqualTo(2);
        assertThat(read.segmentChecksum(0)).isEqualTo(crc(BYTES, 0, SEGMENT));
        assertThat(read.segmentChecksum(1)).isEqualTo(crc(BYTES, SEGMENT, 5));
    }

    @Test
    void noBitOfItCanChangeUnnoticed() {
        ByteBuffer page = page();
        for (int bit = 0; bit < 8 * ChunkHeader.BYTES; bit++) {
            byte before = page.get(bit / 8);
            page.put(bit / 8, (byte) (before ^ 1 << bit % 8));
            assertThatThrownBy(() -> ChunkHeader.parse(page, CHUNK)).isInstanceOf(DamagedChunkException.class);
            page.put(bit / 8, before);
        }
    }

    /** Written so by a defect or by somebody: its checksum is right. */
    @ParameterizedTest
    @CsvSource({"11, 100", "17, 100", "12, 0", "12, -1", "12, 1048577"})
    void numbersThatMakeNoSenseAreRefused(byte shift, int chunkBytes) {
        ByteBuffer page = sealed(page().put(10, shift).putInt(12, chunkBytes));
        assertThatThrownBy(() -> ChunkHeader.parse(page, CHUNK))
                .isInstanceOf(DamagedChunkException.class)
                .hasMessageContaining("makes no sense");
    }

    @ParameterizedTest
    @CsvSource({"12, 1", "16, 1048576"})
    void theLeastAndTheGreatestAreTaken(byte shift, int chunkBytes) throws DamagedChunkException {
        ChunkHeader read = ChunkHeader.parse(sealed(page().put(10, shift).putInt(12, chunkBytes)), CHUNK);
        assertThat(read.segmentBytes()).isEqualTo(1 << shift);
        assertThat(read.chunkBytes()).isEqualTo(chunkBytes).isLessThanOrEqualTo(ChunkStore.MAX_CHUNK_BYTES);
    }

    @Test
    void theHeaderOfAnotherChunkOrVersionIsRefused() {
        ChunkId other = ChunkId.of(ByteBuffer.wrap(new byte[1]));
        assertThatThrownBy(() -> ChunkHeader.parse(page(), other)).hasMessageContaining("another chunk");
        ByteBuffer newer = sealed(page().putShort(8, (short) 2));
        assertThatThrownBy(() -> ChunkHeader.parse(newer, CHUNK)).hasMessageContaining("this format");
    }

    private static ByteBuffer page() {
        ByteBuffer page = ByteBuffer.allocate(ChunkHeader.BYTES);
        ChunkHeader.of(CHUNK, ByteBuffer.wrap(BYTES), EvictionClass.AUDIO, SEGMENT)
                .writeTo(page);
        return page;
    }

    private static ByteBuffer sealed(ByteBuffer page) {
        CRC32C crc = new CRC32C();
        crc.update(page.slice(0, CHECKSUM_AT));
        crc.update(page.slice(56, ChunkHeader.BYTES - 56));
        return page.putInt(CHECKSUM_AT, (int) crc.getValue());
    }

    private static int crc(byte[] bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }
}
