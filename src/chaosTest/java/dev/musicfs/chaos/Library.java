package dev.musicfs.chaos;

import dev.musicfs.testkit.AudioEncoding;
import dev.musicfs.testkit.TestAudio;
import dev.musicfs.testkit.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/** Tracks of which no two share a block, in a directory that the {@link Lab} serves. */
final class Library {
    private static final int MILLIS = 100_000;

    private final Path dir;
    private final List<String> shown = new ArrayList<>();

    private Library(Path dir) {
        this.dir = dir;
    }

    /** So many tracks of 1.3 MB by one artist, of whom there must be no other library of the same audio. */
    static Library of(Lab lab, String artist, int tracks) {
        return of(lab, artist, tracks, MILLIS);
    }

    /** The same of another length. */
    static Library of(Lab lab, String artist, int tracks, int millis) {
        Library library = new Library(lab.music().resolve(artist));
        for (int i = 1; i <= tracks; i++) {
            library.add(artist, i, millis);
        }
        return library;
    }

    private void add(String artist, int number, int millis) {
        String title = "Song %03d".formatted(number);
        TestAudio.Spec spec = TestAudio.Spec.of(AudioEncoding.FLAC)
                .withMillis(millis)
                .withHertz(200 + number * 7)
                .with("artist", artist)
                .with("album", "Album")
                .with("date", "2001")
                .with("title", title)
                .with("track", Integer.toString(number));
        Path file = dir.resolve("%03d.flac".formatted(number));
        if (!Files.exists(file)) { // a second time it would be another version
            describe(TestAudio.copy(spec, file));
        }
        shown.add("%s/Album (2001) [FLAC]/%02d - %s.flac".formatted(artist, number, title));
    }

    /** What makes versitygw give an ETag for a file that did not come over S3. */
    private static void describe(Path file) {
        try {
            byte[] digest = MessageDigest.getInstance("MD5").digest(Files.readAllBytes(file));
            String tag = "\"%032x\"".formatted(new BigInteger(1, digest));
            Files.getFileAttributeView(file, UserDefinedFileAttributeView.class)
                    .write("etag", ByteBuffer.wrap(tag.getBytes(StandardCharsets.US_ASCII)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Where the files are. */
    Path dir() {
        return dir;
    }

    /** The paths of all tracks below a mountpoint, in order. */
    List<String> shown() {
        return List.copyOf(shown);
    }

    /** The file behind a track. */
    Path original(String track) {
        return dir.resolve("%03d.flac".formatted(shown.indexOf(track) + 1));
    }

    /** The SHA-256 of each file by its path. */
    SortedMap<String, String> hashes() {
        return Trees.hashes(dir);
    }
}
