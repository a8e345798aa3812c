package dev.musicfs.origin.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.model.RealPath;
import dev.musicfs.model.ServerUrl;
import dev.musicfs.origin.wire.HttpUrl;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** Pages as servers send them, cut to what matters. */
final class IndexPageTest {
    private static final Map<String, Boolean> BOTH = Map.of("a & b.mp3", false, "sub dir", true);

    @Test
    void knowsApacheByItsLinksForSortingWhateverItsTitle() {
        assertThat(root("<html><head><title>My own music</title></head><body><h1>Welcome</h1><table>"
                        + "<tr><th><a href=\"?C=N;O=D\">Name</a></th></tr>"
                        + "<tr><td><a href=\"/\">Parent Directory</a></td></tr>"
                        + "<tr><td><a href=\"a%20&amp;%20b.mp3\">a &amp; b.mp3</a></td></tr>"
                        + "<tr><td><a href=\"sub%20dir/\">sub dir/</a></td></tr></table></body></html>"))
                .contains(BOTH);
    }

    @Test
    void knowsNginxBehindAProxyThatHasAnotherPath() {
        String page =
                "<html><head><title>Index of /files/flac/%s</title></head><body><h1>Index of /files/flac/%s</h1><pre>"
                        + "<a href=\"../\">../</a><a href=\"a%%20&amp;%%20b.mp3\">x</a><a href=\"sub%%20dir/\">y</a></pre></body></html>";
        assertThat(root(page.formatted("", ""))).contains(BOTH);
        assertThat(below("d", page.formatted("d/", "d/"))).contains(BOTH);
        assertThat(below("d", page.formatted("other/", "other/"))).isEmpty();
    }

    @Test
    void knowsCaddyOldAndNew() {
        assertThat(root("<!DOCTYPE html><html><head><title>music</title></head><body><header><div class=wrapper>"
                        + "<div class=breadcrumbs>Folder Path</div><h1><a href=\"../\">/</a>music</h1></div></header>"
                        + "<a href=\"./?sort=name&amp;order=desc\">Name</a><a href=\"./a%20&amp;%20b.mp3\"><span>x</span></a>"
                        + "<a href=\"./sub%20dir/\"></a></body></html>"))
                .contains(BOTH);
    }

    @Test
    void knowsWebfsMiniHttpdAndRclone() {
        assertThat(
                        root(
                                "<head><title>host/m/</title></head><body><h1>listing: \n<a href=\"/\">/</a>"
                                        + "<a href=\"/m/\">m/</a></h1><hr noshade size=1><pre>\n<a href=\"../\">..</a>\n"
                                        + "<a href=\"sub%20dir/\">sub dir</a>\n<a href=\"a%20&%20b.mp3\">a & b.mp3</a>\n"
                                        + "<a href=\"C:%20x.mp3\">C: x.mp3</a></pre><small><a href=\"http://bytesex.org/webfs.html\">w</a></small>"))
                .contains(Map.of("a & b.mp3", false, "sub dir", true, "C: x.mp3", false));
        assertThat(root("<html><title>Index of m/</title><body><pre><a href=\".\">.</a><a href=\"..\">..</a>"
                        + "<a href=\"a%20%26%20b.mp3\">x</a><a href=\"sub%20dir\">y</a></pre></body></html>"))
                .contains(Map.of("a & b.mp3", false, "sub dir", false));
        assertThat(root("<html><title>/m</title><body><h1><a href=\"../\">/</a><a href=\"\">m</a>/</h1>"
                        + "<a href=\"?sort=name&order=asc\">Name</a><a href=\"..\">up</a>"
                        + "<a href=\"sub%20dir/\">y</a><a href=\"a%20&amp;%20b.mp3\">x</a></body></html>"))
                .contains(BOTH);
    }

    @Test
    void believesNoPageToLogInWithAndNoOtherPage() {
        assertThat(root("<html><title>Index of /m/</title><body><form><input name=p type=password></form>"
                        + "<a href=\"../\">up</a><a href=\"a.mp3\">a</a></body></html>"))
                .isEmpty();
        assertThat(root("<html><title>My page</title><body><a href=\"a.mp3\">a</a></body></html>"))
                .isEmpty();
        assertThat(root("<html><title>Index of /m/</title><body><a href=\"a.mp3\">a</a>"))
                .isEmpty();
    }

    /** A pattern that backtracked took a minute for each MiB. */
    @Test
    void readsAHostilePageInOneGo() {
        String page = "<html><title>Index of /m/</title>" + "<a ".repeat(4 << 20) + "<a href=\"".repeat(1 << 18)
                + "</body></html>";
        Assertions.assertTimeout(
                Duration.ofSeconds(60), () -> assertThat(root(page)).isPresent());
    }

    private static Optional<Map<String, Boolean>> root(String page) {
        return IndexPage.parse(
                page.getBytes(StandardCharsets.UTF_8), HttpUrl.of(ServerUrl.parse("http://h/m/")), RealPath.ROOT);
    }

    private static Optional<Map<String, Boolean>> below(String directory, String page) {
        return IndexPage.parse(
                page.getBytes(StandardCharsets.UTF_8),
                HttpUrl.of(ServerUrl.parse("http://h/m/" + directory + "/")),
                new RealPath(directory));
    }
}
