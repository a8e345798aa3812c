package dev.musicfs.papers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether links within the repository lead somewhere. */
final class Links {
    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
    private static final Pattern ELSEWHERE = Pattern.compile("[a-z]+:.*");

    private Links() {}

    static List<String> problems(Paper paper) {
        List<String> problems = new ArrayList<>();
        Matcher link = LINK.matcher(paper.prose());
        while (link.find()) {
            if (!ELSEWHERE.matcher(link.group(1)).matches() && !leadsSomewhere(paper, link.group(1))) {
                problems.add("the link " + link.group(1) + " leads nowhere");
            }
        }
        return problems;
    }

    private static boolean leadsSomewhere(Paper paper, String link) {
        String[] parts = link.split("#", 2);
        Path target = parts[0].isEmpty() ? paper.file() : paper.file().resolveSibling(parts[0]);
        if (!parts[0].isEmpty() && !Files.exists(target)) {
            return false;
        }
        return parts.length == 1
                || page(paper, parts[0].isEmpty(), target).anchors().contains(parts[1]);
    }

    private static Paper page(Paper paper, boolean itself, Path target) {
        try {
            return itself ? paper : Paper.read(target);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
