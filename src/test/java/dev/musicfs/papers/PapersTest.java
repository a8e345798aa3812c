package dev.musicfs.papers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.NodeList;

/** What the pages say exists; and each of the checks finds what is planted for it. */
class PapersTest {
    private static final int MOST_LINES_OF_README = 100;
    private static final Path README = Path.of("README.md");
    private static final Path DOCS = Path.of("docs");
    private static final Path PICTURE = DOCS.resolve("terminal.svg");
    private static final Path LAUNCHER = Path.of("scripts/musicfs");

    private final String launcher = Files.readString(LAUNCHER);
    private final CommandLines commands = new CommandLines(launcher);
    private final Names names = new Names(launcher);
    private final ClassNames classes = ClassNames.ofTheProject();

    PapersTest() throws IOException {}

    static List<Path> papers() throws IOException {
        List<Path> papers = new ArrayList<>();
        for (Path directory : List.of(Path.of(""), DOCS, Path.of("conf"))) {
            try (Stream<Path> files = Files.list(directory)) {
                files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(papers::add);
            }
        }
        assertThat(papers).contains(README, DOCS.resolve("OPERATIONS.md"));
        return papers;
    }

    @ParameterizedTest
    @MethodSource("papers")
    void linksLeadSomewhereAndCommandsKeysAndFilesExist(Path file) throws IOException {
        Paper paper = Paper.read(file);
        assertThat(Links.problems(paper)).isEmpty();
        assertThat(commands.problems(paper)).isEmpty();
        assertThat(names.problems(paper)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CONTRIBUTING.md",
                "docs/API.md",
                "docs/ARCHITECTURE.md",
                "docs/DEVELOPING.md",
                "docs/GLOSSARY.md",
                "docs/TESTING.md"
            })
    void classesAndMembersExist(Path file) throws IOException {
        assertThat(classes.problems(Paper.read(file))).isEmpty();
    }

    @Test
    void theProgramSaysTheSentencesThatAreExplained() throws IOException {
        assertThat(Sentences.ofTheProgram(launcher).problems(Paper.read(DOCS.resolve("TROUBLESHOOTING.md"))))
                .isEmpty();
    }

    @Test
    void theFirstPageIsShortAndLeadsToAllOthers() throws IOException {
        String text = Files.readString(README);
        assertThat(text.lines()).hasSizeLessThanOrEqualTo(MOST_LINES_OF_README);
        assertThat(papers()).filteredOn(paper -> !paper.equals(README)).allSatisfy(paper -> assertThat(text)
                .contains("](" + paper + ")"));
    }

    @Test
    void thePictureOfATerminalIsWholeAndItsCommandsExist() throws Exception {
        List<String> lines = new ArrayList<>();
        NodeList texts = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(PICTURE.toFile())
                .getElementsByTagName("text");
        for (int i = 0; i < texts.getLength(); i++) {
            lines.add(texts.item(i).getTextContent());
        }
        assertThat(lines).anyMatch(line -> line.startsWith("$ musicfs mount "));
        assertThat(lines.stream().flatMap(line -> commands.problems(line).stream()))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "[here](docs/NOWHERE.md); 1",
                "[here](README.md#nowhere); 1",
                "[here](#nowhere); 1",
                "![a picture](docs/nothing.svg); 1",
                "[here](SEMANTICS.md) [and](#a-heading) [there](https://example.org/); 0",
                "`[not a link](anywhere)`; 0"
            })
    void findsALinkThatLeadsNowhere(String text, int problems) {
        assertThat(Links.problems(planted("# A `heading`\n" + text))).hasSize(problems);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "musicfs frobnicate",
                "musicfs cache frobnicate",
                "musicfs mount --frobnicate",
                "musicfs status --replace",
                "musicfs --frobnicate",
                "musicfs status nas",
                "sudo musicfs mount /m --dry-rum",
                "$ scripts/musicfs mount /m -o allow_others,uid=5",
                "cd /srv && musicfs umuont /m",
                "java -jar target/musicfs-fat.jar muont /m"
            })
    void findsACommandThatIsNone(String code) {
        assertThat(commands.problems(planted("Say `" + code + "` to it."))).hasSize(1);
        assertThat(commands.problems(planted("Say:\n\n    " + code + "\n"))).hasSize(1);
        assertThat(commands.problems(planted("Say:\n\n```\n" + code + "\n```\n")))
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "musicfs",
                "musicfs mount [OPTION...] [MOUNTPOINT]",
                "musicfs mount /m --origin 's3://b?x=y&z=1' -d -o allow_other,_netdev",
                "musicfs cache verify --repair --json; musicfs config reload   # both",
                "musicfs --make-archive mount /m",
                "sudo systemctl enable --now musicfs",
                "musicfs: serving /m"
            })
    void takesCommandsForWhatTheyAre(String code) {
        assertThat(commands.problems(code)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "`cache.sise`; 1",
                "`fuse.allow_others = true`; 1",
                "`MUSICFS_FUSE_OWNER`; 1",
                "scripts/frobnicate; 1",
                "see conf/nothing.toml.; 1",
                "`cache.size = 0`, `fuse.musicfs`, `/etc/fuse.conf`, `fuse.FuseMount`, `fuse.node`; 0",
                "`MUSICFS_FUSE_UID`, `MUSICFS_ORIGINS`, `MUSICFS_JAVA_OPTS`; 0",
                "`scripts/test.d` and /opt/musicfs/scripts/anything; 0"
            })
    void findsAKeyAVariableAndAFileThatAreNot(String text, int problems) {
        assertThat(names.problems(planted(text))).hasSize(problems);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "`Frobnicator`; 1",
                "`tree.FuseMount`; 1",
                "`fuse.FuseMount.frobnicate()`; 1",
                "`@Frobnicates`; 1",
                "`FuseMount`, `fuse.FuseMount`, `dev.musicfs.fuse.FuseMount`, `GeneratedFile.check`; 0",
                "`@Resilience(\"6.4\")`, `Future`, `XIT`, `EROFS`; 0"
            })
    void findsAClassAndAMemberThatAreNot(String text, int problems) throws IOException {
        assertThat(classes.problems(planted(text))).hasSize(problems);
    }

    @Test
    void findsAClassOfADiagramThatIsNot() throws IOException {
        assertThat(classes.problems(planted("So:\n\n    kernel --> fuse.FuseMount --> fuse.Frobnicator\n")))
                .containsExactly("there is no class or member fuse.Frobnicator");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "`the mount … is frobnicated`; 1",
                "`nobody is mounted on …`; 1",
                "`… … s`; 1",
                "`nothing is mounted on …`, `musicfs umount …`, `down`; 0"
            })
    void findsASentenceThatIsNotSaid(String text, int problems) throws IOException {
        Sentences sentences = Sentences.ofTheProgram(launcher);
        assertThat(sentences.problems(planted("Says " + text))).hasSize(problems);
        assertThat(sentences.problems(planted("| " + text + " | So |"))).hasSize(problems);
    }

    private static Paper planted(String text) {
        return new Paper(Path.of("PLANTED.md"), text);
    }
}
