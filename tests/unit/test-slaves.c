/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of devices that cannot master the bus. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "slaves.h"

static const struct row {
	const char *compatible, *source;
} slaves[] = {
#define SLAVE(compatible_, source_) { compatible_, source_ },
#include "slaves.def"
#undef SLAVE
};
static const size_t n_slaves = sizeof(slaves) / sizeof(slaves[0]);

/* slave_known() bisects, so the rows must be sorted, and none may be twice. */
static void rows_are_sorted(void **state)
{
	(void)state;
	assert_true(n_slaves > 300);
	for (size_t i = 1; i < n_slaves; i++)
		if (strcmp(slaves[i - 1].compatible, slaves[i].compatible) >= 0)
			fail_msg("\"%s\" must not stand before \"%s\"", slaves[i - 1].compatible,
				 slaves[i].compatible);
}

static void each_row_has_a_source(void **state)
{
	static const char bindings[] = "Documentation/devicetree/bindings/";

	(void)state;
	for (size_t i = 0; i < n_slaves; i++) {
		const char *source = slaves[i].source;

		if (!source || (strncmp(source, bindings, sizeof(bindings) - 1) &&
				strncmp(source, "ARM D", 5)))
			fail_msg("\"%s\" has no source", slaves[i].compatible);
	}
}

static void each_row_is_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < n_slaves; i++)
		assert_true(slave_known(slaves[i].compatible));
}

static void known_slaves_are_found(void **state)
{
	static const char *const known[] = {
		"arm,pl011", "arm,pl022", "arm,pl031", "arm,pl061", "arm,sp804", "arm,sp805",
		"ns16550a", "snps,dw-apb-uart", "snps,dw-apb-gpio", "snps,designware-i2c",
		"cdns,uart-r1p12", "xlnx,zynqmp-gpio-1.0", "cdns,ttc", "xlnx,zynqmp-rtc",
		"renesas,rcar-gen3-gpio", "renesas,rcar-gen3-i2c", "renesas,rcar-gen3-scif",
		"fsl,imx6dl-gpt", "fsl,imx8mm-wdt", "fsl,qoriq-gpio", "amlogic,meson-gx-uart",
		"nvidia,tegra20-uart", "bosch,m_can",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (!slave_known(known[i]))
			fail_msg("%s is missing", known[i]);
}

/* Each has an engine of its own, or is claimed by a node that has. */
static void masters_are_not(void **state)
{
	static const char *const masters[] = {
		"snps,dwmac", "cdns,zynqmp-gem", "arasan,sdhci-8.9a", "arm,pl18x", "st,stm32-sdmmc2",
		"arm,pl080", "arm,pl110", "arm,pl330", "generic-ehci", "snps,dwc3", "generic-ahci",
		"qcom,geni-uart", "qcom,geni-i2c", "qcom,spi-qup-v2.2.1", "qcom,msm-uartdm-v1.4",
		"mediatek,mt8173-i2c", "mediatek,mt8173-spi", "atmel,at91sam9260-usart",
		"aspeed,ast2600-i2c-bus", "amlogic,meson-gx-spicc", "cdns,qspi-nor",
		"xlnx,versal-ospi-1.0", "xlnx,zynqmp-qspi-1.0", "rockchip,sfc", "nvidia,tegra194-qspi",
		"brcm,bcm7271-uart", "brcm,bcm2835-mbox", "mediatek,mt8173-gce", "sunplus,sp7021-uart",
		"arm,gic-v3-its", "arm,gic-v2m-frame", "arm,smmu-v3", "arm,coresight-tmc",
		"syscon", "simple-mfd", "simple-bus", "arm,primecell", "", "arm,pl0", "arm,pl0611",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(masters) / sizeof(masters[0]); i++)
		if (slave_known(masters[i]))
			fail_msg("%s must not be in the table", masters[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_sorted),
		cmocka_unit_test(each_row_has_a_source),
		cmocka_unit_test(each_row_is_found),
		cmocka_unit_test(known_slaves_are_found),
		cmocka_unit_test(masters_are_not),
	};

	return cmocka_run_group_tests_name("slaves", tests, NULL, NULL);
}
