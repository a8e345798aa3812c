package dev.musicfs.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.testkit.AudioEncoding;
import dev.musicfs.testkit.DaemonProcess;
import dev.musicfs.testkit.Shell;
import dev.musicfs.testkit.TestAudio;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tags and file names that nobody should write. Names outside ASCII pass through bash, whatever this JVM's locale. */
class HostileLibraryIT {
    private static final List<String> TEXTS = List.of(
            "../../../etc/passwd",
            "a/b/c",
            "/",
            ".",
            "..",
            "...and more...",
            "  spaces around  ",
            "two\nlines",
            "bell\u0007 escape\u001b[31m delete\u007f next\u0085",
            "x".repeat(300),
            "\u65e5\u672c".repeat(150),
            "\u05e9\u05dc\u05d5\u05dd \u202eabc",
            "\ud83c\udfb5 \ud83d\udc69\u200d\ud83d\udc69\u200d\ud83d\udc67",
            "Bjo\u0308rk",
            "quote \" ' ` $HOME $(id) \\ *",
            "-rf",
            "%s%n%x");

    /** Escapes of bash's printf; the extension is added. */
    private static final List<String> FILE_NAMES = List.of(
            "new\\nline",
            "quote\\042\\047",
            "back\\\\slash",
            "-rf",
            "--help",
            "latin-1 caf\\351",
            "broken \\377\\376\\200",
            "tab\\tand\\001",
            " space ",
            "\\303\\251 composed",
            "e\\314\\201 decomposed",
            "\\360\\237\\216\\265",
            "#hash;semicolon&and");

    @TempDir
    static Path dir;

    private static Path origin;
    private static Path mount;
    private static DaemonProcess daemon;

    @BeforeAll
    static void mountLibrary() throws Exception {
        origin = Files.createDirectories(dir.resolve("origin"));
        mount = Files.createDirectories(dir.resolve("mount"));
        Path plain = TestAudio.track(TestAudio.Spec.of(AudioEncoding.FLAC));
        for (int i = 0; i < TEXTS.size(); i++) {
            String text = TEXTS.get(i);
            tagged(plain, origin.resolve("tags" + i + ".flac"), Map.of("title", text, "artist", text, "album", text));
            tagged(plain, origin.resolve("title" + i + ".flac"), Map.of("title", text, "artist", "A", "album", "B"));
        }
        for (int i = 0; i < FILE_NAMES.size(); i++) {
            Path tagged = dir.resolve("name.flac");
            tagged(plain, tagged, Map.of("title", "Name " + i, "artist", "Names", "album", "Known"));
            put(tagged, FILE_NAMES.get(i) + ".flac");
            // Of a file without tags the mount shows its own name.
            Files.write(dir.resolve("bare.wav"), wav(i));
            put(dir.resolve("bare.wav"), FILE_NAMES.get(i) + ".wav");
        }
        daemon = DaemonProcess.scanned(mount, dir.resolve("cache"), origin);
    }

    @AfterAll
    static void unmount() {
        if (daemon != null) {
            daemon.close();
        }
    }

    @Test
    void hostileTagsAndNamesAreShownAndNothingEscapes() throws Exception {
        List<String> originals = hashes(origin);
        assertThat(originals).hasSize(2 * TEXTS.size() + 2 * FILE_NAMES.size()).doesNotHaveDuplicates();
        assertThat(hashes(mount)).as(daemon.output()).isEqualTo(originals);
        assertThat(Shell.bash("find \"$1\" -mindepth 1 ! -type f ! -type d", mount)
                        .output())
                .isEmpty();
        assertThat(Shell.bash("find \"$1\" -print0 | iconv -f UTF-8 -t UTF-8 > /dev/null", mount)
                        .exitCode())
                .as("names are UTF-8")
                .isZero();
        List<String> names = names(mount);
        assertThat(names).hasSizeGreaterThan(originals.size()).allSatisfy(HostileLibraryIT::assertGoodName);
        assertThat(names)
                .anyMatch(name -> name.matches("01? ?-? ?x{200,}.*\\.flac") || name.matches(".*x{200,}\\.flac"));
        assertThat(names).anyMatch(name -> name.contains("Bj\u00f6rk"));
        assertThat(names).anyMatch(name -> name.contains("\ud83c\udfb5"));
        // Nothing was made beside the mount.
        assertThat(Shell.bash("ls -A \"$1\"/origin | wc -l", dir).output().strip())
                .isNotEqualTo("0");
        assertThat(Shell.bash("cd \"$1\" && ls -A | grep -v '^daemon.*out$'", dir)
                        .output()
                        .lines())
                .containsExactlyInAnyOrder("bare.wav", "cache", "meta", "mount", "name.flac", "origin");
    }

    @Test
    void aPosixLocaleShowsTheSameTree() throws Exception {
        Path other = Files.createDirectories(dir.resolve("posix").resolve("mount"));
        try (DaemonProcess posix = DaemonProcess.scanned(
                Map.of("LC_ALL", "POSIX", "LANG", "", "LC_CTYPE", "", "JAVA_TOOL_OPTIONS", ""),
                other,
                dir.resolve("posix").resolve("cache"),
                origin)) {
            assertThat(tree(other)).as(posix.output()).isEqualTo(tree(mount));
            assertThat(hashes(other)).isEqualTo(hashes(origin));
        } finally {
            Shell.bash("rm -rf --one-file-system \"$1\"", dir.resolve("posix"));
        }
    }

    private static void assertGoodName(String name) {
        assertThat(name.getBytes(StandardCharsets.UTF_8).length).as(name).isBetween(1, 255);
        assertThat(Normalizer.isNormalized(name, Normalizer.Form.NFC)).as(name).isTrue();
        assertThat(name.codePoints()).as(name).noneMatch(Character::isISOControl);
        assertThat(name).doesNotStartWith(".").doesNotStartWith(" ");
        assertThat(name).doesNotEndWith(".").doesNotEndWith(" ");
    }

    private static void tagged(Path audio, Path target, Map<String, String> tags) throws Exception {
        StringBuilder text = new StringBuilder(";FFMETADATA1\n");
        tags.forEach((tag, value) -> text.append(tag)
                .append('=')
                .append(value.replaceAll("([=;#\\\\\n])", "\\\\$1"))
                .append('\n'));
        Path meta = Files.writeString(dir.resolve("meta"), text);
        Shell made = Shell.bash(
                "ffmpeg -nostdin -loglevel error -y -i \"$1\" -i \"$2\" -map_metadata 1 -c copy \"$3\"",
                audio,
                meta,
                target);
        assertThat(made.exitCode()).as(made.output()).isZero();
    }

    /** A wave file of its own without tags. */
    private static byte[] wav(int number) throws Exception {
        Path wav = TestAudio.track(
                TestAudio.Spec.of(AudioEncoding.WAV).withMillis(100).withHertz(300 + number));
        return Files.readAllBytes(wav);
    }

    private static void put(Path file, String printfName) throws Exception {
        Shell put = Shell.bash(
                "cd \"$1\" && printf -v name -- \"$3\" && cat \"$2\" > ./\"$name\"", origin, file, printfName);
        assertThat(put.exitCode()).as(put.output()).isZero();
    }

    private static List<String> hashes(Path root) throws Exception {
        return Shell.bash(
                        "find \"$1\" -type f -print0 | while IFS= read -r -d '' f; do sha256sum < \"$f\"; done | sort",
                        root)
                .output()
                .lines()
                .toList();
    }

    private static String tree(Path root) throws Exception {
        return Shell.bash("cd \"$1\" && find . -type f -printf '%p %s %T@\\0' | sort -z", root)
                .output();
    }

    private static List<String> names(Path root) throws Exception {
        String all = Shell.bash("find \"$1\" -mindepth 1 -printf '%f\\0'", root).output();
        List<String> names = new ArrayList<>(Arrays.asList(all.split("\0", -1)));
        names.remove(names.size() - 1);
        return names;
    }
}
