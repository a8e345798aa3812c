package dev.musicfs.papers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page in Markdown, as far as the project's own pages use it.
 *
 * @param file below the root of the repository
 */
record Paper(Path file, String text) {
    private static final Pattern SPAN = Pattern.compile("`([^`]+)`");
    private static final Pattern HEADING = Pattern.compile("#{1,6} +(.*)");
    private static final String FENCE = "```";
    private static final String INDENTED = "    ";

    static Paper read(Path file) throws IOException {
        return new Paper(file, Files.readString(file));
    }

    /** What is code: each span between backticks, and each line of a block. */
    List<String> code() {
        List<String> code = new ArrayList<>(blockLines());
        Matcher span = SPAN.matcher(String.join("\n", proseLines()));
        while (span.find()) {
            code.add(span.group(1));
        }
        return code;
    }

    /** Each span between backticks. */
    List<String> spans() {
        return SPAN.matcher(String.join("\n", proseLines()))
                .results()
                .map(span -> span.group(1))
                .toList();
    }

    /** All but code. */
    String prose() {
        return SPAN.matcher(String.join("\n", proseLines())).replaceAll("``");
    }

    /** What a link to a heading of this page may have behind its {@code #}, as GitHub makes it. */
    Set<String> anchors() {
        Set<String> anchors = new HashSet<>();
        for (String line : proseLines()) {
            Matcher heading = HEADING.matcher(line);
            if (heading.matches()) {
                String slug = heading.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-');
                String anchor = slug;
                for (int again = 1; !anchors.add(anchor); again++) {
                    anchor = slug + "-" + again;
                }
            }
        }
        return anchors;
    }

    List<String> blockLines() {
        return lines(true);
    }

    private List<String> proseLines() {
        return lines(false);
    }

    private List<String> lines(boolean ofBlocks) {
        List<String> lines = new ArrayList<>();
        boolean fenced = false;
        boolean mayIndent = true;
        for (String line : text.lines().toList()) {
            boolean fence = line.strip().startsWith(FENCE);
            boolean indented = !fenced && mayIndent && line.startsWith(INDENTED);
            if (!fence && ofBlocks == (fenced || indented)) {
                lines.add(line);
            }
            fenced ^= fence;
            mayIndent = indented || line.isBlank();
        }
        return lines;
    }
}
