/* Median microseconds of libxmlsec1's parse and signature check of one signed Assertion, in process.
 *
 *     xmlsec1-bench RESPONSE.xml CERTIFICATE.pem CHECKS
 *
 * The key is loaded once. Claims, audience and times are not looked at: libxmlsec1 does not know SAML.
 */
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/valid.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <xmlsec/crypto.h>
#include <xmlsec/xmldsig.h>
#include <xmlsec/xmlsec.h>
#include <xmlsec/xmltree.h>

#define SAML "urn:oasis:names:tc:SAML:2.0:assertion"

static void die(const char *what) {
    fprintf(stderr, "xmlsec1-bench: %s\n", what);
    exit(1);
}

static void register_id(xmlDocPtr document, xmlNodePtr element) {
    xmlAttrPtr attribute = xmlHasProp(element, BAD_CAST "ID");
    xmlChar *value = attribute ? xmlNodeListGetString(document, attribute->children, 1) : NULL;
    if (value == NULL || xmlAddID(NULL, document, value, attribute) == NULL) die("no ID");
    xmlFree(value);
}

static void verify(const char *text, int size, xmlSecKeyPtr key) {
    xmlDocPtr document = xmlReadMemory(text, size, NULL, NULL, XML_PARSE_NONET);
    if (document == NULL) die("not well-formed");
    xmlNodePtr response = xmlDocGetRootElement(document);
    xmlNodePtr assertion = xmlSecFindChild(response, BAD_CAST "Assertion", BAD_CAST SAML);
    if (assertion == NULL) die("no Assertion");
    register_id(document, response);
    register_id(document, assertion);

    xmlSecDSigCtxPtr context = xmlSecDSigCtxCreate(NULL);
    if (context == NULL) die("no context");
    context->signKey = xmlSecKeyDuplicate(key);
    xmlNodePtr signature = xmlSecFindChild(assertion, xmlSecNodeSignature, xmlSecDSigNs);
    if (signature == NULL || xmlSecDSigCtxVerify(context, signature) < 0) die("no signature to check");
    if (context->status != xmlSecDSigStatusSucceeded) die("the signature does not hold");
    xmlSecDSigCtxDestroy(context);
    xmlFreeDoc(document);
}

static double now_us(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv) {
    int checks = argc == 4 ? atoi(argv[3]) : 0;
    if (checks < 1) die("RESPONSE.xml CERTIFICATE.pem CHECKS");

    static char text[1 << 20];
    FILE *file = fopen(argv[1], "rb");
    if (file == NULL) die("cannot read the response");
    size_t size = fread(text, 1, sizeof text, file);
    fclose(file);

    xmlInitParser();
    if (xmlSecInit() < 0 || xmlSecCryptoAppInit(NULL) < 0 || xmlSecCryptoInit() < 0) die("cannot start libxmlsec1");
    xmlSecKeyPtr key = xmlSecCryptoAppKeyLoad(argv[2], xmlSecKeyDataFormatCertPem, NULL, NULL, NULL);
    if (key == NULL) die("cannot read the certificate");

    double *samples = calloc((size_t)checks, sizeof *samples);
    if (samples == NULL) die("out of memory");
    for (int i = 0; i < checks; i++) {
        double start = now_us();
        verify(text, (int)size, key);
        samples[i] = now_us() - start;
    }
    qsort(samples, (size_t)checks, sizeof *samples, ascending);
    printf("{\"xmlsec1_us\":%.1f}\n", samples[checks / 2]);
    return 0;
}
