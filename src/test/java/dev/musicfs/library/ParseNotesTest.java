package dev.musicfs.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.testkit.Resilience;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParseNotesTest {
    private static final OriginId DISK = new OriginId("disk");
    private static final RealPath PATH = new RealPath("a/crasher.mp3");
    private static final FileVersion VERSION = new FileVersion(310, 1, "");

    @TempDir
    private Path directory;

    private final List<NoteFile> open = new ArrayList<>();
    private ParseNotes.Noted notes = ParseNotes.Noted.nowhere();

    @AfterEach
    void close() {
        open.forEach(NoteFile::close);
    }

    /** As after the end of a process: its lock is gone, its notes are not. */
    private void nextProcess() {
        close();
        NoteFile file = new NoteFile(directory.resolve("scan/parsing.notes"));
        open.add(file);
        notes = new ParseNotes(file).of(DISK);
    }

    /** The process ends amid the parsing, however: nothing of what follows is run. */
    private void endsWhileParsing(RealPath path) throws Exception {
        CountDownLatch parsing = new CountDownLatch(1);
        ParseNotes.Noted mine = notes;
        NoteFile file = open.get(open.size() - 1);
        Thread thread = new Thread(() -> {
            try {
                mine.parseBlocking(path, VERSION, () -> {
                    file.close();
                    parsing.countDown();
                    return "";
                });
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        thread.start();
        thread.join(TimeUnit.SECONDS.toMillis(30));
        assertThat(parsing.getCount()).isZero();
    }

    private String parse(RealPath path, FileVersion version) throws Exception {
        return notes.parseBlocking(path, version, () -> "parsed");
    }

    @Test
    @Resilience("R.6")
    void aFileOverWhichTheProgramEndedTwiceIsDamagedUntilItChanges() throws Exception {
        nextProcess();
        endsWhileParsing(PATH);
        nextProcess();
        endsWhileParsing(PATH);
        for (int start = 0; start < 3; start++) {
            nextProcess();
            assertThatThrownBy(() -> parse(PATH, VERSION))
                    .isInstanceOfSatisfying(
                            MusicFsException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.CORRUPT));
            assertThat(parse(new RealPath("a/other.mp3"), VERSION)).isEqualTo("parsed");
        }
        assertThat(parse(PATH, new FileVersion(310, 2, ""))).isEqualTo("parsed");
    }

    @Test
    void aFileThatWasOnlyThereWhenTheProgramEndedIsReadAgain() throws Exception {
        nextProcess();
        endsWhileParsing(PATH);
        nextProcess();
        assertThat(parse(PATH, VERSION)).isEqualTo("parsed");
        endsWhileParsing(PATH);
        nextProcess();
        assertThat(parse(PATH, VERSION)).as("one end since it was parsed").isEqualTo("parsed");
    }

    @Test
    void aSuspectIsParsedAlone() throws Exception {
        nextProcess();
        endsWhileParsing(PATH);
        nextProcess();
        CountDownLatch otherBegan = new CountDownLatch(1);
        CountDownLatch otherMayEnd = new CountDownLatch(1);
        AtomicInteger atOnce = new AtomicInteger();
        CompletableFuture<String> other = CompletableFuture.supplyAsync(
                () -> call(() -> notes.parseBlocking(new RealPath("b.mp3"), VERSION, () -> {
                    atOnce.incrementAndGet();
                    otherBegan.countDown();
                    assertThat(otherMayEnd.await(30, TimeUnit.SECONDS)).isTrue();
                    atOnce.decrementAndGet();
                    return "other";
                })));
        assertThat(otherBegan.await(30, TimeUnit.SECONDS)).isTrue();
        CompletableFuture<Integer> suspect =
                CompletableFuture.supplyAsync(() -> call(() -> notes.parseBlocking(PATH, VERSION, atOnce::get)));
        otherMayEnd.countDown();
        assertThat(suspect.get(30, TimeUnit.SECONDS)).isZero();
        assertThat(other.get(30, TimeUnit.SECONDS)).isEqualTo("other");
    }

    @Test
    void stepsOfASuspectAreNoProofThatItIsHarmless() throws Exception {
        nextProcess();
        endsWhileParsing(PATH);
        nextProcess();
        assertThat(notes.stepBlocking(PATH, VERSION, false, () -> "step")).isEqualTo("step");
        endsWhileParsing(PATH);
        nextProcess();
        assertThatThrownBy(() -> parse(PATH, VERSION)).isInstanceOf(MusicFsException.class);
    }

    @Test
    void severalFilesAreNotedAtATime() throws Exception {
        nextProcess();
        notes.parseBlocking(new RealPath("outer.mp3"), VERSION, () -> {
            endsWhileParsing(PATH);
            return "";
        });
        nextProcess();
        endsWhileParsing(new RealPath("outer.mp3"));
        nextProcess();
        assertThatThrownBy(() -> parse(new RealPath("outer.mp3"), VERSION)).isInstanceOf(MusicFsException.class);
        assertThat(parse(PATH, VERSION)).isEqualTo("parsed");
    }

    @Test
    void thereIsParsingWithoutNotesWhereNoneCanBeKeptOrAnotherHasThem() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "no directory");
        ParseNotes.Noted nowhere = new ParseNotes(new NoteFile(file.resolve("parsing.notes"))).of(DISK);
        assertThat(nowhere.parseBlocking(PATH, VERSION, () -> "parsed")).isEqualTo("parsed");
        nextProcess();
        assertThat(parse(PATH, VERSION)).isEqualTo("parsed");
        try (NoteFile second = new NoteFile(directory.resolve("scan/parsing.notes"))) {
            assertThat(second.noteBlocking(NoteFile.keyOf(DISK, PATH, VERSION))).isNegative();
        }
    }

    @Test
    void remembersABoundedNumberAndForgetsTheFirst() throws Exception {
        nextProcess();
        for (int i = 0; i < NoteFile.MOST_ENDS / NoteFile.SLOTS + 2; i++) {
            for (int slot = 0; slot < NoteFile.SLOTS; slot++) {
                open.get(open.size() - 1).noteBlocking(NoteFile.keyOf(DISK, new RealPath(i + "-" + slot), VERSION));
            }
            nextProcess();
        }
        assertThat(Files.size(directory.resolve("scan/parsing.notes"))).isLessThan(64 << 10);
        NoteFile last = open.get(open.size() - 1);
        assertThat(last.endsBlocking(NoteFile.keyOf(DISK, new RealPath("5-7"), VERSION)))
                .isOne();
    }

    private interface Call<T> {
        T run() throws Exception;
    }

    private static <T> T call(Call<T> call) {
        try {
            return call.run();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
