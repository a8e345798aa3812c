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
import java.util.Locale;
import java.util.SortedMap;

/** Tracks of which no two share a block, in a directory that the {@link Lab} serves. */
final class Library {
    private static final int MILLIS = 100_000;
    private static final int COVER_SIDE = 600;

    private final Path dir;
    private final List<String> shown = new ArrayList<>();
    private final List<Path> files = new ArrayList<>();

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
            library.add(AudioEncoding.FLAC, artist, i, millis, 0);
        }
        return library;
    }

    /** So many tracks of each kind, with a cover of a quarter of a megabyte in all that can hold one. */
    static Library ofKinds(Lab lab, String artist, List<AudioEncoding> kinds, int each, int millis) {
        Library library = new Library(lab.music().resolve(artist));
        for (int i = 0; i < each * kinds.size(); i++) {
            AudioEncoding kind = kinds.get(i % kinds.size());
            boolean holdsCover = !List.of("ogg", "oga", "opus").contains(kind.extension());
            library.add(kind, artist, i + 1, millis, holdsCover ? COVER_SIDE : 0);
        }
        return library;
    }

    /** One FLAC more, which the daemon finds when it looks again; its path below a mountpoint. */
    String grow() {
        add(AudioEncoding.FLAC, dir.getFileName().toString(), shown.size() + 1, MILLIS, COVER_SIDE);
        return shown.get(shown.size() - 1);
    }

    private void add(AudioEncoding kind, String artist, int number, int millis, int coverSide) {
        String title = "Song %03d".formatted(number);
        String extension = kind.extension();
        TestAudio.Spec spec = TestAudio.Spec.of(kind)
                .withPicture(coverSide)
                .withMillis(millis)
                .withHertz(200 + number * 7)
                .with("artist", artist)
                .with("album", "Album")
                .with("date", "2001")
                .with("title", title)
                .with("track", Integer.toString(number));
        Path file = dir.resolve("%03d.%s".formatted(number, extension));
        if (!Files.exists(file)) { // a second time it would be another version
            describe(TestAudio.copy(spec, file));
        }
        files.add(file);
        shown.add("%s/Album (2001) [%s]/%02d - %s.%s"
                .formatted(artist, extension.toUpperCase(Locale.ROOT), number, title, extension));
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
        return files.get(shown.indexOf(track));
    }

    /** The SHA-256 of each file by its path. */
    SortedMap<String, String> hashes() {
        return Trees.hashes(dir);
    }
}
