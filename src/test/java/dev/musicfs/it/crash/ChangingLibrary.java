package dev.musicfs.it.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.testkit.AudioEncoding;
import dev.musicfs.testkit.TestAudio;
import dev.musicfs.testkit.Trees;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An origin that somebody tends, one change at a time, each of them atomic. No two files that ever were in it have the
 * same bytes, so that a track is known by its hash.
 */
final class ChangingLibrary {
    private static final int TRACKS = 30;
    private static final int ALBUMS = 6;
    private static final String TITLE = "Title %06d";
    private static final String ALBUM = "Album %04d";
    // Of these a text can be replaced by another of its length: no checksum covers it.
    private static final List<AudioEncoding> ENCODINGS =
            List.of(AudioEncoding.FLAC, AudioEncoding.MP3_ID3V24, AudioEncoding.WAV);
    private static final int TONES = 3;

    private final Path root;
    private final Path scratch;
    private final List<Original> originals = new ArrayList<>();
    private final SortedMap<Integer, Track> tracks = new TreeMap<>();
    private int numbers;

    private record Original(String extension, byte[] bytes) {}

    /**
     * A file of the library.
     *
     * @param number the same as long as it is the same track, whatever it is tagged or wherever it is moved
     */
    record Track(int number, Path file, String sha256) {}

    /** @param scratch an empty directory on the same filesystem, for what is not finished */
    ChangingLibrary(Path root, Path scratch) throws IOException {
        this.root = root;
        this.scratch = scratch;
        for (AudioEncoding encoding : ENCODINGS) {
            for (int tone = 0; tone < TONES; tone++) {
                TestAudio.Spec spec = TestAudio.Spec.of(encoding)
                        .withHertz(300 + 110 * tone)
                        .with("artist", "Singer " + tone)
                        .with("album", ALBUM.formatted(0))
                        .with("title", TITLE.formatted(0));
                originals.add(new Original(encoding.extension(), Files.readAllBytes(TestAudio.track(spec))));
            }
        }
        for (int track = 0; track < TRACKS; track++) {
            add(track % ALBUMS);
        }
    }

    /** Every file by its hash. */
    SortedMap<String, Track> byHash() {
        SortedMap<String, Track> all = new TreeMap<>();
        tracks.values().forEach(track -> all.put(track.sha256(), track));
        return all;
    }

    /** Changes something, and says what. */
    String change(Random random) throws IOException {
        Track any = List.copyOf(tracks.values()).get(random.nextInt(tracks.size()));
        switch (random.nextInt(5)) {
            case 0 -> {
                if (tracks.size() > TRACKS) {
                    Files.delete(any.file());
                    tracks.remove(any.number());
                    return "removed " + name(any.file());
                }
                return "added " + name(add(random.nextInt(ALBUMS)).file());
            }
            case 1 -> {
                return "added " + name(add(random.nextInt(ALBUMS)).file());
            }
            case 2 -> {
                Track now = put(any.number(), any.file(), random.nextInt(ALBUMS));
                return "retagged " + name(now.file());
            }
            case 3 -> {
                Path target = Files.createDirectories(folder(random.nextInt(ALBUMS)))
                        .resolve("moved-" + ++numbers + "." + extension(any.file()));
                Files.move(any.file(), target, StandardCopyOption.ATOMIC_MOVE);
                tracks.put(any.number(), new Track(any.number(), target, any.sha256()));
                return "moved " + name(any.file()) + " to " + name(target);
            }
            default -> {
                Path from = any.file().getParent();
                Path to = root.resolve("folder-" + ++numbers);
                Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
                tracks.replaceAll((number, track) -> track.file().getParent().equals(from)
                        ? new Track(number, to.resolve(track.file().getFileName()), track.sha256())
                        : track);
                return "moved the directory " + name(from) + " to " + name(to);
            }
        }
    }

    private String name(Path path) {
        return root.relativize(path).toString();
    }

    private Path folder(int album) {
        return root.resolve("album-" + album);
    }

    private static String extension(Path file) {
        String name = file.getFileName().toString();
        return name.substring(name.lastIndexOf('.') + 1);
    }

    private Track add(int album) throws IOException {
        int number = ++numbers;
        Path folder = Files.createDirectories(folder(album));
        Original original = originals.get(number % originals.size());
        return put(number, folder.resolve("track-" + number + "." + original.extension()), album);
    }

    private Track put(int number, Path file, int album) throws IOException {
        Original original = originals.get(number % originals.size());
        byte[] bytes = replaced(original.bytes(), TITLE, ++numbers);
        Path made = Files.write(scratch.resolve("made"), replaced(bytes, ALBUM, album));
        Track track = new Track(number, file, Trees.sha256(made));
        Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
        tracks.put(number, track);
        return track;
    }

    private static byte[] replaced(byte[] bytes, String text, int number) {
        String before = text.formatted(0);
        String all = new String(bytes, StandardCharsets.ISO_8859_1);
        assertThat(all).contains(before);
        return all.replace(before, String.format(Locale.ROOT, text, number)).getBytes(StandardCharsets.ISO_8859_1);
    }
}
