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
    // Of these a text can be replaced by another of its length: no checksum covers it.
    private static final List<AudioEncoding> ENCODINGS =
            List.of(AudioEncoding.FLAC, AudioEncoding.MP3_ID3V24, AudioEncoding.WAV);
    private static final int TONES = 3;
    private static final int FLAC_MD5_AT = 26;
    private static final int MD5_BYTES = 16;

    private final Path root;
    private final Path scratch;
    private final List<Original> originals = new ArrayList<>();
    private final SortedMap<Integer, Track> tracks = new TreeMap<>();
    private int numbers;

    /** @param text its bytes, each a character */
    private record Original(String artist, String extension, String text) {}

    /**
     * A file of the library.
     *
     * @param number the same as long as it is the same track, whatever it is tagged or wherever it is moved
     * @param shown its path in the mount, which its tags say alone
     */
    record Track(int number, Path file, String sha256, String shown) {
        Track movedTo(Path place) {
            return new Track(number, place, sha256, shown);
        }
    }

    /** @param scratch an empty directory on the same filesystem, for what is not finished */
    ChangingLibrary(Path root, Path scratch) throws IOException {
        this.root = root;
        this.scratch = scratch;
        for (AudioEncoding encoding : ENCODINGS) {
            for (int tone = 0; tone < TONES; tone++) {
                String artist = "Singer " + tone;
                TestAudio.Spec spec = TestAudio.Spec.of(encoding)
                        .withHertz(300 + 110 * tone)
                        .with("artist", artist)
                        .with("album", album(0))
                        .with("title", title(0));
                originals.add(new Original(
                        artist,
                        encoding.extension(),
                        Files.readString(TestAudio.track(spec), StandardCharsets.ISO_8859_1)));
            }
        }
        for (int track = 0; track < TRACKS; track++) {
            add(track % ALBUMS);
        }
    }

    /** The hash of every file by its path in the mount. */
    SortedMap<String, String> shown() {
        SortedMap<String, String> all = new TreeMap<>();
        tracks.values().forEach(track -> all.put(track.shown(), track.sha256()));
        return all;
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
                tracks.put(any.number(), any.movedTo(target));
                return "moved " + name(any.file()) + " to " + name(target);
            }
            default -> {
                Path from = any.file().getParent();
                Path to = root.resolve("folder-" + ++numbers);
                Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
                tracks.replaceAll((number, track) -> track.file().getParent().equals(from)
                        ? track.movedTo(to.resolve(track.file().getFileName()))
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
        String title = title(++numbers);
        String text = sounding(replaced(replaced(original.text(), title(0), title), album(0), album(album)), number);
        Path made = Files.writeString(scratch.resolve("made"), text, StandardCharsets.ISO_8859_1);
        String shown = original.artist() + "/" + album(album) + " ["
                + original.extension().toUpperCase(Locale.ROOT) + "]/" + title + "." + original.extension();
        Track track = new Track(number, file, Trees.sha256(made), shown);
        Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
        tracks.put(number, track);
        return track;
    }

    /** A FLAC file says the MD5 of its audio, and two tracks that say the same are one, wherever they are. */
    private static String sounding(String text, int number) {
        return text.startsWith("fLaC")
                ? text.substring(0, FLAC_MD5_AT)
                        + String.format(Locale.ROOT, "%0" + MD5_BYTES + "d", number)
                        + text.substring(FLAC_MD5_AT + MD5_BYTES)
                : text;
    }

    private static String title(int number) {
        return String.format(Locale.ROOT, "Title %06d", number);
    }

    private static String album(int number) {
        return String.format(Locale.ROOT, "Album %04d", number);
    }

    private static String replaced(String text, String before, String after) {
        assertThat(text).contains(before);
        return text.replace(before, after);
    }
}
