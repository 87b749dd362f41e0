// Where a server listens and whom it tells: the parameters of the transport, as infos and as variables.
// compare: original
#include "tap.h"
#include "serve.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <sys/socket.h>

static char folder[64], host[256];

// ---- helpers

static int free_port(int family) {
    struct sockaddr_in6 address = {.sin6_family = (sa_family_t) family};
    socklen_t length = sizeof address;
    int port = -1, fd = socket(family, SOCK_STREAM, 0);
    if (fd >= 0 && bind(fd, (struct sockaddr *) &address, family == AF_INET ? 16 : 28) == 0 &&
        getsockname(fd, (struct sockaddr *) &address, &length) == 0) {
        port = ntohs(address.sin6_port);
    }
    if (fd >= 0) close(fd);
    return port;
}

// The first address of that family, in the kernel's order, that is not the loopback's: the choice for other machines.
static const char *outward(int family) {
    static char text[INET6_ADDRSTRLEN];
    struct ifaddrs *all, *one;
    text[0] = 0;
    if (getifaddrs(&all) != 0) return NULL;
    for (one = all; one && !text[0]; one = one->ifa_next) {
        if (!one->ifa_addr || one->ifa_addr->sa_family != family || !(one->ifa_flags & IFF_UP)) continue;
        if ((one->ifa_flags & IFF_LOOPBACK) || strncmp(one->ifa_name, "vir", 3) == 0) continue;
        inet_ntop(family, &((struct sockaddr_in *) one->ifa_addr)->sin_addr, text, sizeof text);
    }
    freeifaddrs(all);
    return text[0] ? text : NULL;
}

static bool listens_on(const struct served *served, const char *scheme, const char *address) {
    char wanted[128];
    const char *part = strchr(served->uri, ';');
    snprintf(wanted, sizeof wanted, ";%s%s:", scheme, address);
    return part && strncmp(part, wanted, strlen(wanted)) == 0;
}

static int port_of(const struct served *served) {
    const char *colon = strrchr(served->uri, ':');
    return colon ? atoi(colon + 1) : -1;
}

// The server is there and listens on `address`; NULL infos and variables for none.
static void listens(
    const char *const *variables, const char *const *infos, const char *address, const char *what) {
    struct served served = serve(variables, infos);
    is_int(served.rc, PMIX_SUCCESS, "%s: a server", what);
    ok(listens_on(&served, "tcp4://", address), "%s: listens there", what);
    serve_end(&served);
}

static void fails(const char *const *variables, const char *const *infos, pmix_status_t status, const char *what) {
    struct served served = serve(variables, infos);
    is_int(served.rc, status, "%s", what);
    serve_end(&served);
}

// ---- proofs

// Which of them a server takes is its administrator's word: where none of them can be had, it does not start.
static void proofs(void) {
    fails(LIST("PMIX_MCA_psec=moonshine"), NULL, PMIX_ERR_SILENT, "CRED-6 an unknown way of proving who one is");
    fails(LIST("PMIX_MCA_psec=^native,munge"), NULL, PMIX_ERR_SILENT, "CRED-6 all but those there are");
    struct served served = serve(LIST("PMIX_MCA_psec=moonshine,native"), NULL);
    is_int(served.rc, PMIX_SUCCESS, "CRED-6 one of them is enough");
    serve_end(&served);
}

// ---- interfaces

static void choosing(void) {
    const char *other = outward(AF_INET);
    listens(NULL, NULL, "127.0.0.1", "TRANS-10 nothing said");
    listens(NULL, LIST(PMIX_TCP_IF_INCLUDE "=lo"), "127.0.0.1", "TRANS-4 an interface included by name");
    listens(NULL, LIST(PMIX_TCP_IF_INCLUDE "=127.0.0.0/8"), "127.0.0.1", "TRANS-4 a network included");
    listens(LIST("PMIX_MCA_ptl_tcp_if_include=lo"), NULL, "127.0.0.1", "TRANS-4 if_include");
    fails(NULL, LIST(PMIX_TCP_IF_INCLUDE "=nosuch"), PMIX_ERR_INIT, "TRANS-4 nothing but an unknown interface included");
    fails(LIST("PMIX_MCA_ptl_tcp_if_include=nosuch"), NULL, PMIX_ERR_INIT, "TRANS-4 the same by if_include");
    const char *const wrong[] = {"10.255.254.0/24", "127.0.0.1", "1x/8"};
    for (int i = 0; i < 3; i++) {
        struct served served = serve(NULL, LIST(text_of(PMIX_TCP_IF_INCLUDE "=%s", wrong[i])));
        ok(served.rc == 0 && listens_on(&served, "tcp4://", "127.0.0.1"), "TRANS-20 including %s means nothing", wrong[i]);
        serve_end(&served);
        ok(strstr(served.errors, wrong[i]) != NULL, "TRANS-20 which is said of %s", wrong[i]);
    }
    if (other == NULL) {
        skip(6, "this machine has no other interface than the loopback");
        return;
    }
    listens(NULL, LIST(PMIX_TCP_IF_EXCLUDE "=lo"), other, "TRANS-5 the loopback excluded");
    listens(LIST("PMIX_MCA_ptl_tcp_if_exclude=lo"), NULL, other, "TRANS-5 if_exclude");
    listens(NULL, LIST(PMIX_SERVER_REMOTE_CONNECTIONS), other, "TRANS-3 peers of other machines");
#ifndef MUSTER_ORIGINAL  // which reads the parameter and does nothing with it
    listens(LIST("PMIX_MCA_ptl_tcp_remote_connections=1"), NULL, other, "TRANS-3 remote_connections");
    listens(LIST("PMIX_MCA_ptl_tcp_remote_connections=1"), LIST(PMIX_SERVER_REMOTE_CONNECTIONS "=false"), "127.0.0.1",
        "TRANS-11 an info goes before a variable");
    listens(NULL, LIST(PMIX_TCP_IF_EXCLUDE "=127.0.0.0/8"), other, "TRANS-5 a network excluded");
#endif
}

static void contradicting(void) {
    const char *const *both = LIST("PMIX_MCA_ptl_tcp_if_include=lo", "PMIX_MCA_ptl_tcp_if_exclude=eth77");
    struct served served = serve(both, NULL);
    is_int(served.rc, PMIX_ERR_NOT_AVAILABLE, "TRANS-5 if_include and if_exclude");
    serve_end(&served);
    ok(strstr(served.errors, "lo") && strstr(served.errors, "eth77"), "TRANS-5 the message names both");
    served = serve(NULL, LIST(PMIX_TCP_IF_INCLUDE "=lo", PMIX_TCP_IF_EXCLUDE "=eth77"));
    is_int(served.rc, PMIX_ERR_INIT, "TRANS-5 both as infos");
    serve_end(&served);
    ok(strstr(served.errors, "lo") && strstr(served.errors, "eth77"), "TRANS-5 the message names those too");
}

// ---- ports and families

static void ports(void) {
    const char *const forms[] = {"PMIX_MCA_ptl_tcp_ipv4_port=%d", "PMIX_MCA_ptl_base_ipv4_port=%d"};
    int port = free_port(AF_INET);
    for (int i = 0; i < 2; i++) {
        struct served served = serve(LIST(text_of(forms[i], port)), NULL);
        is_int(port_of(&served), port, "TRANS-6 %.20s: that port", forms[i]);
        serve_end(&served);
    }
    int another = free_port(AF_INET);
    char *number = text_of(PMIX_TCP_IPV4_PORT "=#%d", another);
    struct served served = serve(LIST(text_of(forms[0], port)), LIST(number));
    is_int(port_of(&served), another, "TRANS-11 an info goes before a variable");
#ifndef MUSTER_ORIGINAL
    fails(NULL, LIST(number), PMIX_ERR_INIT, "TRANS-6 a port that is taken");
    fails(NULL, LIST(PMIX_TCP_IPV4_PORT "=#70000"), PMIX_ERR_BAD_PARAM, "TRANS-6 a number that is no port");
#endif
    serve_end(&served);
}

static void families(void) {
    fails(NULL, LIST(PMIX_TCP_DISABLE_IPV4), PMIX_ERR_INIT, "TRANS-7 no family is left");
    fails(LIST("PMIX_MCA_ptl_tcp_disable_ipv4_family=1"), NULL, PMIX_ERR_INIT, "TRANS-7 disable_ipv4_family");
#ifndef MUSTER_ORIGINAL  // which cannot bind an IPv6 address
    int port = free_port(AF_INET6);
    if (port < 0) return skip(4, "this machine has no IPv6");
    struct served served = serve(
        NULL, LIST(PMIX_TCP_DISABLE_IPV4, PMIX_TCP_DISABLE_IPV6 "=false", text_of(PMIX_TCP_IPV6_PORT "=#%d", port)));
    is_int(served.rc, PMIX_SUCCESS, "TRANS-7 IPv6 alone");
    ok(listens_on(&served, "tcp6://", "[::1]"), "TRANS-7 listens on its loopback");
    is_int(port_of(&served), port, "TRANS-6 on the port that was given");
    serve_end(&served);
    served = serve(LIST("PMIX_MCA_ptl_tcp_disable_ipv4_family=1", "PMIX_MCA_ptl_tcp_disable_ipv6_family=0"),
        LIST(PMIX_TCP_IF_INCLUDE "=::1/128"));
    ok(listens_on(&served, "tcp6://", "[::1]"), "TRANS-7 disable_ipv6_family, and a network of IPv6");
    serve_end(&served);
#endif
}

// ---- reporting

static bool says(const char *text, const struct served *served) {
    size_t length = strlen(served->uri);
    return length > 0 && strncmp(text, served->uri, length) == 0 && strcmp(text + length, "\n") == 0;
}

static void read_file(const char *path, char *text, size_t size) {
    int fd = open(path, O_RDONLY);
    text[0] = 0;
    if (fd >= 0) serve_text(fd, text, size);
}

static void reporting(void) {
    char text[1024], wanted[1200], path[128];
    struct served served = serve(NULL, LIST(PMIX_TCP_REPORT_URI "=-"));
    serve_end(&served);
    ok(says(served.output, &served), "TRANS-2 a URI on stdout");
    served = serve(LIST("PMIX_MCA_ptl_tcp_report_uri=+"), NULL);
    serve_end(&served);
    snprintf(wanted, sizeof wanted, "%s\n", served.uri);
    ok(served.uri[0] && strstr(served.errors, wanted), "TRANS-2 a URI on stderr, by report_uri");
    served = serve(LIST("PMIX_MCA_ptl_base_report_uri=-"), NULL);
    serve_end(&served);
    ok(says(served.output, &served), "TRANS-2 and on stdout, by its later name");
    int ends[2];
    if (pipe(ends) != 0) bail("a pipe");
    dup2(ends[1], 50);
    close(ends[1]);
    served = serve(NULL, LIST(PMIX_TCP_REPORT_URI "=50"));
    close(50);
    ssize_t n = read(ends[0], text, sizeof text - 1);
    text[n > 0 ? n : 0] = 0;
    snprintf(wanted, sizeof wanted,
        "PMIX_SERVER_URI41:PMIX_SERVER_URI4:PMIX_SERVER_URI3:PMIX_SERVER_URI2:PMIX_SERVER_URI21;%s", served.uri);
    ok(strcmp(text, wanted) == 0 && n == (ssize_t) strlen(wanted) + 1, "TRANS-2 a descriptor, with the variables' names");
    is_int(read(ends[0], text, 1), 0, "TRANS-2 which is closed");
    close(ends[0]);
    serve_end(&served);
    snprintf(path, sizeof path, "%s/uri", folder);
    served = serve(NULL, LIST(text_of(PMIX_TCP_REPORT_URI "=%s", path)));
    read_file(path, text, sizeof text);
    ok(strncmp(text, served.uri, strlen(served.uri)) == 0 && strstr(text, "\nv4.2.2"), "TRANS-2 a file, with the release");
    struct stat status;
    ok(stat(path, &status) == 0 && (status.st_mode & 0777) == 0644, "TRANS-2 of the mode this process gives");
    serve_end(&served);
#ifndef MUSTER_ORIGINAL  // which leaves it
    ok(access(path, F_OK) != 0, "TRANS-2 gone with the server");
#endif
}

#ifndef MUSTER_ORIGINAL
static void reporting_elsewhere(void) {
    char text[1024], path[128], target[128];
    struct served served;
    snprintf(path, sizeof path, "%s/pipe", folder);
    mkfifo(path, 0600);
    int reader = open(path, O_RDONLY | O_NONBLOCK);
    served = serve(NULL, LIST(text_of(PMIX_TCP_REPORT_URI "=%s", path)));
    ssize_t n = read(reader, text, sizeof text - 1);
    ok(n > 0 && strncmp(text, served.uri, strlen(served.uri)) == 0, "TRANS-2 a named pipe is written to");
    serve_end(&served);
    ok(access(path, F_OK) == 0, "TRANS-2 and stays");
    close(reader);
    snprintf(path, sizeof path, "%s/link", folder);
    snprintf(target, sizeof target, "%s/target", folder);
    close(open(target, O_CREAT | O_WRONLY, 0600));
    if (symlink(target, path) != 0) bail("a link");
    served = serve(NULL, LIST(text_of(PMIX_TCP_REPORT_URI "=%s", path)));
    read_file(target, text, sizeof text);
    ok(served.rc == 0 && text[0] == 0, "TRANS-17 a link in the file's place is not followed");
    serve_end(&served);
    served = serve(NULL, LIST(PMIX_TCP_REPORT_URI "=/proc/nowhere/uri"));
    ok(served.rc != 0 && served.rc != 12345, "TRANS-18 a file that cannot be written ends the start");
    serve_end(&served);
}
#endif

// ---- contact files

static void check_contact(const struct served *served, const char *name, const char *where) {
    char path[600], text[1024], wanted[1200];
    struct stat status = {0};
    snprintf(path, sizeof path, "%s/%s%s", folder, where, name);
    ok(lstat(path, &status) == 0 && S_ISREG(status.st_mode), "TRANS-16 %s", strstr(name, "sys") ? "the system file" :
        strstr(name, "tool.n") ? "the file of the namespace" : strlen(name) > strlen(host) + 10 ? "the file of the process" :
        "the session file");
    is_int(status.st_mode & 0777, 0640, "TRANS-16 may be read by the group, written by the owner");
    read_file(path, text, sizeof text);
    snprintf(wanted, sizeof wanted, "%s\n", served->uri);
    ok(strncmp(text, wanted, strlen(wanted)) == 0, "TRANS-16 begins with the URI");
    const char *rest = strchr(text, '\n');
    snprintf(wanted, sizeof wanted, "\n%d\n%d:%d\n", served->process, geteuid(), getegid());
    ok(rest && strncmp(rest + 1, "4.2.2", 5) == 0 && strstr(rest + 1, wanted), "TRANS-16 says release, process and user");
}

static void contacts(void) {
    char session[128], name[400];
    snprintf(session, sizeof session, "%s/made/session", folder);
    struct served served = serve(NULL, LIST(text_of(PMIX_SYSTEM_TMPDIR "=%s/", folder),
        text_of(PMIX_SERVER_TMPDIR "=%s", session), PMIX_SERVER_NSPACE "=n", PMIX_SERVER_TOOL_SUPPORT,
        PMIX_SERVER_SYSTEM_SUPPORT, PMIX_SERVER_SESSION_SUPPORT));
    is_int(served.rc, PMIX_SUCCESS, "TRANS-16 a server with all its files");
    snprintf(name, sizeof name, "pmix.sys.%s", host);
    check_contact(&served, name, "");
    snprintf(name, sizeof name, "pmix.%s.tool", host);
    check_contact(&served, name, "made/session/");
    snprintf(name, sizeof name, "pmix.%s.tool.n", host);
    check_contact(&served, name, "made/session/");
    snprintf(name, sizeof name, "pmix.%s.tool.%d", host, served.process);
    check_contact(&served, name, "made/session/");
    serve_end(&served);
    is_int(served.finalized, PMIX_SUCCESS, "TRANS-16 the server ends");
    snprintf(name, sizeof name, "%s/pmix.sys.%s", folder, host);
    ok(access(name, F_OK) != 0, "TRANS-16 its files go with it");
    ok(access(session, F_OK) != 0, "TRANS-16 and the folder it made");
}

#ifndef MUSTER_ORIGINAL  // which writes through links and removes what is no longer its own
static void foreign_files(void) {
    char path[400], target[128], text[64];
    snprintf(path, sizeof path, "%s/pmix.sys.%s", folder, host);
    snprintf(target, sizeof target, "%s/victim", folder);
    int fd = open(target, O_CREAT | O_WRONLY, 0600);
    if (fd < 0 || write(fd, "mine", 4) != 4 || symlink(target, path) != 0) bail("a link");
    close(fd);
    const char *const *infos = LIST(text_of(PMIX_SYSTEM_TMPDIR "=%s", folder), PMIX_SERVER_SYSTEM_SUPPORT);
    struct served served = serve(NULL, infos);
    read_file(target, text, sizeof text);
    ok(served.rc == 0 && strcmp(text, "mine") == 0, "TRANS-17 a link in a contact file's place is not followed");
    struct stat status;
    ok(lstat(path, &status) == 0 && S_ISREG(status.st_mode), "TRANS-17 the file stands in its place");
    struct served other = serve(NULL, infos);
    serve_end(&served);
    ok(access(path, F_OK) == 0, "TRANS-16 a file that another server has put there since stays");
    serve_end(&other);
    ok(access(path, F_OK) != 0, "TRANS-16 until that one goes");
    fails(NULL, LIST(PMIX_SYSTEM_TMPDIR "=/proc/nowhere", PMIX_SERVER_SYSTEM_SUPPORT), PMIX_ERR_NO_PERMISSIONS,
        "TRANS-18 a contact file that cannot be written ends the start");
}

static void rendezvous(void) {
    char path[128], text[1024];
    struct stat status = {0};
    const char *const names[] = {"PMIX_LAUNCHER_RENDEZVOUS_FILE", "PMIX_LAUNCHER_RNDZ_FILE"};
    snprintf(path, sizeof path, "%s/meet", folder);
    for (int i = 0; i < 2; i++) {
        struct served served = serve(LIST(text_of("%s=%s", names[i], path)), NULL);
        read_file(path, text, sizeof text);
        ok(served.uri[0] && strncmp(text, served.uri, strlen(served.uri)) == 0, "TRANS-14 %s is written", names[i]);
        ok(stat(path, &status) == 0 && (status.st_mode & 0777) == 0640, "TRANS-14 with its mode");
        serve_end(&served);
        ok(access(path, F_OK) != 0, "TRANS-14 and goes with the server");
    }
    close(open(path, O_CREAT | O_WRONLY, 0600));
    struct served served = serve(LIST(text_of("%s=%s", names[0], path)), NULL);
    ok(stat(path, &status) == 0 && status.st_size == 0, "TRANS-14 one that is there already is another's");
    serve_end(&served);
    ok(access(path, F_OK) == 0, "TRANS-14 and stays");
}
#endif

int main(int argc, char **argv) {
    serve_main(argc, argv);
    snprintf(folder, sizeof folder, "/tmp/muster-transport-XXXXXX");
    if (mkdtemp(folder) == NULL) bail("a folder");
    chmod(folder, 0755);
    gethostname(host, sizeof host - 1);
    host[strcspn(host, ".")] = 0;
    umask(022);
    proofs();
    choosing();
    contradicting();
    ports();
    families();
    reporting();
    contacts();
#ifndef MUSTER_ORIGINAL
    reporting_elsewhere();
    foreign_files();
    rendezvous();
#endif
    return done_testing();
}
