package dev.musicfs.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Real audio files made by ffmpeg, kept under {@code target/test-audio} by what was asked for, so that only the first run
 * after a clean pays for them. What is kept must not be changed: use {@link #copy} or {@link #library}.
 */
public final class TestAudio {
    private static final Path CACHE = Path.of("target", "test-audio").toAbsolutePath();
    private static final int SMALL_SIDE = 64;
    private static final Path SCRIPT = Path.of("scripts", "make-library").toAbsolutePath();

    private TestAudio() {}

    /**
     * What a track should be.
     *
     * @param tags by ffmpeg's names: title, artist, album_artist, album, genre, composer, date, track, disc, compilation
     * @param hertz of the tone; tracks of different tones hold different audio
     * @param pictureSide pixels of a side of the JPEG that is embedded (FLAC, MP3 and M4A), 0 for none; {@link #picture}
     */
    public record Spec(AudioEncoding encoding, Map<String, String> tags, int hertz, int millis, int pictureSide) {
        public Spec {
            tags = Map.copyOf(tags);
        }

        /** 400 ms at 440 Hz without tags or picture. */
        public static Spec of(AudioEncoding encoding) {
            return new Spec(encoding, Map.of(), 440, 400, 0);
        }

        public Spec with(String tag, String value) {
            SortedMap<String, String> more = new TreeMap<>(tags);
            more.put(tag, value);
            return new Spec(encoding, more, hertz, millis, pictureSide);
        }

        public Spec withHertz(int tone) {
            return new Spec(encoding, tags, tone, millis, pictureSide);
        }

        public Spec withMillis(int length) {
            return new Spec(encoding, tags, hertz, length, pictureSide);
        }

        public Spec withPicture() {
            return withPicture(SMALL_SIDE);
        }

        /** One of so many pixels a side: a quarter of a megabyte at 600. */
        public Spec withPicture(int side) {
            return new Spec(encoding, tags, hertz, millis, side);
        }

        private String key() {
            return "2|" + encoding + "|" + encoding.arguments() + "|" + new TreeMap<>(tags) + "|" + hertz + "|" + millis
                    + "|" + pictureSide;
        }
    }

    /** A file that must not be changed. */
    public static Path track(Spec spec) {
        Path kept = CACHE.resolve(hash(spec.key()) + "." + spec.encoding().extension());
        return made(kept, part -> ffmpeg(arguments(spec, part)));
    }

    /** A file of one's own. */
    public static Path copy(Spec spec, Path target) {
        try {
            Files.createDirectories(target.toAbsolutePath().getParent());
            return Files.copy(track(spec), target, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Copies the sampler of {@code scripts/make-library} into {@code dir}: 31 audio files of which
     * {@code unsorted/corrupt.flac} is damaged and {@code unsorted/untagged.mp3} has no tags, two covers, and one file that
     * is not music; 7 artists with albums of their own, a compilation, an album of two discs.
     */
    public static Path library(Path dir) {
        try {
            String script = Files.readString(SCRIPT);
            Path kept = made(
                    CACHE.resolve("library-" + hash(script)), part -> run(List.of(SCRIPT.toString(), part.toString())));
            try (Stream<Path> files = Files.walk(kept)) {
                for (Path file : (Iterable<Path>) files::iterator) {
                    Path target = dir.resolve(kept.relativize(file).toString());
                    if (Files.isDirectory(file)) {
                        Files.createDirectories(target);
                    } else if (!file.endsWith(".make-library")) {
                        Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
                    }
                }
            }
            return dir;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes it beside its place and moves it there, so that a killed build leaves no halves. */
    private static Path made(Path kept, Consumer<Path> maker) {
        if (Files.exists(kept)) {
            return kept;
        }
        try {
            Files.createDirectories(CACHE);
            Path part = Files.createTempDirectory(CACHE, "part").resolve(kept.getFileName());
            maker.accept(part);
            Files.move(part, kept, StandardCopyOption.ATOMIC_MOVE);
            Files.delete(part.getParent());
        } catch (IOException e) {
            // A directory cannot be put in the place of one that another made meanwhile.
            if (!Files.exists(kept)) {
                throw new UncheckedIOException(e);
            }
        }
        return kept;
    }

    private static List<String> arguments(Spec spec, Path target) {
        List<String> arguments = new ArrayList<>(List.of(
                "-f",
                "lavfi",
                "-i",
                "sine=frequency=" + spec.hertz() + ":sample_rate=48000:duration=" + spec.millis() / 1000.0));
        if (spec.pictureSide() > 0) {
            arguments.addAll(List.of(
                    "-i", picture(spec.pictureSide()).toString(), "-map", "0:a", "-map", "1:v", "-c:v", "copy"));
            arguments.addAll(List.of("-disposition:v", "attached_pic"));
        }
        arguments.addAll(List.of("-ac", "1", "-fflags", "+bitexact", "-flags:a", "+bitexact"));
        arguments.addAll(spec.encoding().arguments());
        new TreeMap<>(spec.tags())
                .forEach((tag, value) ->
                        arguments.addAll(List.of("-metadata", spec.encoding().nameOf(tag) + "=" + value)));
        arguments.add(target.toString());
        return arguments;
    }

    /** A small JPEG. */
    public static Path picture() {
        return picture(SMALL_SIDE);
    }

    /** A JPEG of noise, so that it has as many bytes as a photograph. */
    public static Path picture(int side) {
        String noise = "nullsrc=s=%dx%<d,geq=lum='random(1)*255':cb=128:cr=128".formatted(side);
        return made(
                CACHE.resolve("picture-" + side + ".jpg"),
                part -> ffmpeg(List.of("-f", "lavfi", "-i", noise, "-frames:v", "1", "-q:v", "2", part.toString())));
    }

    private static void ffmpeg(List<String> arguments) {
        List<String> command =
                new ArrayList<>(List.of("ffmpeg", "-nostdin", "-hide_banner", "-loglevel", "error", "-y"));
        command.addAll(arguments);
        run(command);
    }

    private static void run(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(command + " failed: " + output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while making audio", e);
        }
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return new BigInteger(1, digest).toString(16).substring(0, 20);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
