package dev.musicfs.chunk.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SizeReservationTest {
    private static final long SIZE = 6_400;
    private static final long NONE = -7;

    @TempDir
    private Path directory;

    private Path file;
    private SizeReservation reservation;

    @BeforeEach
    void make() {
        file = directory.resolve("size");
        reservation = new SizeReservation(file, SIZE);
    }

    @Test
    void isRaisedAStepAheadAndOnlyWhenItIsExceeded() throws IOException {
        assertThat(reservation.loadBlocking(NONE)).isEqualTo(NONE);
        reservation.raiseBlocking(() -> 1_000);
        assertThat(onDisk()).isEqualTo(1_100);
        reservation.raiseBlocking(() -> 1_100);
        assertThat(onDisk()).isEqualTo(1_100);
        reservation.raiseBlocking(() -> 1_101);
        assertThat(onDisk()).isEqualTo(1_201);
    }

    @Test
    void isNotWrittenWhenTheSumFellMeanwhile() throws IOException {
        reservation.raiseBlocking(() -> 1_000);
        long[] sums = {2_000, 1_100};
        int[] asked = {0};
        reservation.raiseBlocking(() -> sums[asked[0]++]);
        assertThat(asked[0]).isEqualTo(2);
        assertThat(onDisk()).isEqualTo(1_100);
    }

    @Test
    void isLoweredToWhatIsThereAndAStep() throws IOException {
        reservation.raiseBlocking(() -> 5_000);
        reservation.settleBlocking(() -> 300);
        assertThat(onDisk()).isEqualTo(400);
        reservation.raiseBlocking(() -> 401);
        assertThat(onDisk()).isEqualTo(501);
    }

    @Test
    void takesTheStepsOfTheSizeItIsGiven() throws IOException {
        reservation.resize(640);
        reservation.raiseBlocking(() -> 1_000);
        assertThat(onDisk()).isEqualTo(1_010);
    }

    @Test
    void isLoadedBeforeItIsComparedWith() throws IOException {
        reservation.raiseBlocking(() -> 1_000);
        SizeReservation next = new SizeReservation(file, SIZE);
        assertThat(next.loadBlocking(NONE)).isEqualTo(1_100);
        Files.delete(file);
        next.raiseBlocking(() -> 1_100);
        assertThat(file).doesNotExist();
    }

    @Test
    void aDamagedOneIsNone() throws IOException {
        reservation.raiseBlocking(() -> 1_000);
        byte[] whole = Files.readAllBytes(file);
        assertThat(ByteBuffer.wrap(whole).getLong()).isEqualTo(1_100);
        for (int i = 0; i < whole.length; i++) {
            byte[] damaged = whole.clone();
            damaged[i] ^= 4;
            Files.write(file, damaged);
            assertThat(reservation.loadBlocking(NONE)).isEqualTo(NONE);
        }
        Files.write(file, new byte[15]);
        assertThat(reservation.loadBlocking(NONE)).isEqualTo(NONE);
    }

    @Test
    void aDiskThatRefusesItCostsNothingOnlyWhenItIsLowered() throws IOException {
        Path inTheWay = Files.write(directory.resolve("in the way"), new byte[1]);
        SizeReservation refused = new SizeReservation(inTheWay.resolve("cache/size"), SIZE);
        assertThatCode(() -> refused.settleIfPossibleBlocking(() -> 300)).doesNotThrowAnyException();
        for (int time = 0; time < 2; time++) {
            assertThatThrownBy(() -> refused.raiseBlocking(() -> 300)).isInstanceOf(IOException.class);
        }
    }

    private long onDisk() {
        return new SizeReservation(file, SIZE).loadBlocking(NONE);
    }
}
