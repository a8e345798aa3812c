package dev.musicfs.formats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.model.AudioLayout;
import dev.musicfs.model.ByteRange;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A layout read from bytes through {@link LayoutReader#step}, fetching nothing but what it asks for. Each thing asked for
 * is held to what {@link LayoutStep.Needs} promises.
 */
final class LayoutRun {
    private final byte[] file;
    private final AudioLayout layout;
    private final int needs;
    private final long fetchedBytes;

    private LayoutRun(byte[] file, AudioLayout layout, int needs, long fetchedBytes) {
        this.file = file;
        this.layout = layout;
        this.needs = needs;
        this.fetchedBytes = fetchedBytes;
    }

    byte[] file() {
        return file;
    }

    AudioLayout layout() {
        return layout;
    }

    int needs() {
        return needs;
    }

    long fetchedBytes() {
        return fetchedBytes;
    }

    static LayoutRun of(byte[] file, String extension) {
        FetchedRanges known = new FetchedRanges(file.length);
        long fetched = 0;
        for (int needs = 0; ; needs++) {
            assertThat(needs).isLessThanOrEqualTo(64);
            LayoutStep step = LayoutReader.step(known, extension);
            if (step instanceof LayoutStep.Done done) {
                assertThat(done.layout().audioEnd()).isLessThanOrEqualTo(file.length);
                assertThat(done.layout().pictures()).allMatch(picture -> picture.end() <= file.length);
                return new LayoutRun(file, done.layout(), needs, fetched);
            }
            ByteRange range = ((LayoutStep.Needs) step).range();
            assertThat(range.length()).isBetween(1L, 256L << 10);
            assertThat(range.end()).isLessThanOrEqualTo(file.length);
            assertThat(known.firstKnown(range.offset(), range.end())).isEqualTo(range.end());
            known.add(range.offset(), ByteBuffer.wrap(file, (int) range.offset(), (int) range.length()));
            fetched += range.length();
        }
    }

    /** The layout when the whole file (at most 4 MiB) is known beforehand. */
    static AudioLayout knownWhole(byte[] file, String extension) {
        FetchedRanges known = new FetchedRanges(file.length);
        known.add(0, ByteBuffer.wrap(file));
        return ((LayoutStep.Done) LayoutReader.step(known, extension)).layout();
    }

    byte[] audio() {
        return Arrays.copyOfRange(file, (int) layout.audioStart(), (int) layout.audioEnd());
    }

    byte[] picture(int number) {
        ByteRange range = layout.pictures().get(number);
        return Arrays.copyOfRange(file, (int) range.offset(), (int) range.end());
    }
}
