package dev.musicfs.jmh;

import dev.musicfs.formats.FetchedRanges;
import dev.musicfs.formats.LayoutReader;
import dev.musicfs.formats.LayoutStep;
import dev.musicfs.model.AudioLayout;
import dev.musicfs.model.ByteRange;
import dev.musicfs.testkit.AudioEncoding;
import dev.musicfs.testkit.TestAudio;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Finding the audio and the cover in a file of ten seconds, one file an operation: every step from nothing known to the
 * layout, with what it asks for taken from memory. Only what it asked for counts as bytes. Needs ffmpeg.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class LayoutBenchmark {
    private static final int MILLIS = 10_000;

    private ByteBuffer file;

    @Param({"FLAC", "MP3_ID3V24", "M4A_AAC"})
    private AudioEncoding encoding;

    /** Makes the file, and looks whether the cover is found. */
    @Setup(Level.Trial)
    public void make() throws IOException {
        TestAudio.Spec spec = TestAudio.Spec.of(encoding)
                .with("title", "Title")
                .with("artist", "Artist")
                .with("album", "Album")
                .withMillis(MILLIS)
                .withPicture();
        file = ByteBuffer.wrap(Files.readAllBytes(TestAudio.track(spec)));
        if (steps(new Moved()).pictures().size() != 1) {
            throw new IllegalStateException("The cover was not found in " + spec);
        }
    }

    /** The layout of the file. */
    @Benchmark
    public AudioLayout steps(Moved moved) {
        FetchedRanges known = new FetchedRanges(file.capacity());
        LayoutStep step = LayoutReader.step(known, encoding.extension());
        while (step instanceof LayoutStep.Needs needs) {
            ByteRange range = needs.range();
            known.add(range.offset(), file.slice((int) range.offset(), (int) range.length()));
            moved.add(range.length());
            step = LayoutReader.step(known, encoding.extension());
        }
        return ((LayoutStep.Done) step).layout();
    }
}
