package dev.musicfs.papers;

import dev.musicfs.testkit.Promises;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Whether the program says the sentences that a page explains. An ellipsis stands for what differs. */
final class Sentences {
    private static final Pattern SPAN = Pattern.compile("`([^`]+)`");
    private static final String DIFFERS = "…";
    /** Shorter pieces between what differs prove nothing. */
    private static final int LEAST_LETTERS = 6;

    private static final Pattern JOINED = Pattern.compile("\"\\s*\\+\\s*\"");
    private static final Pattern COMMAND = Pattern.compile("musicfs [a-z].*");

    private final String said;

    /** @param said what the program may say, somewhere in it */
    Sentences(String said) {
        this.said = said;
    }

    /** The program's text, with literals that follow each other as one, and that of the script that starts it. */
    static Sentences ofTheProgram(String launcher) throws IOException {
        StringBuilder said = new StringBuilder(launcher);
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".java")).toList()) {
                said.append(JOINED.matcher(Files.readString(file)).replaceAll(""));
            }
        }
        return new Sentences(said.toString().replace("\\\"", "\""));
    }

    /** Of the first cells of the page's tables, and of whatever has an ellipsis. */
    List<String> problems(Paper paper) {
        List<String> sentences = new ArrayList<>();
        for (List<String> row : Promises.rows(paper.text())) {
            SPAN.matcher(row.get(0)).results().map(span -> span.group(1)).forEach(sentences::add);
        }
        paper.spans().stream().filter(span -> span.contains(DIFFERS)).forEach(sentences::add);
        return sentences.stream()
                .filter(sentence ->
                        sentence.contains(" ") && !COMMAND.matcher(sentence).matches())
                .distinct()
                .filter(sentence -> !isSaid(sentence))
                .map(sentence -> "the program does not say: " + sentence)
                .toList();
    }

    private boolean isSaid(String sentence) {
        List<String> pieces = Stream.of(sentence.split(DIFFERS))
                .map(String::strip)
                .filter(piece -> piece.chars().filter(Character::isLetter).count() >= LEAST_LETTERS)
                .toList();
        return !pieces.isEmpty() && pieces.stream().allMatch(said::contains);
    }
}
