################################################################################
#
# kelas-wifi-firmware
#
################################################################################

KELAS_WIFI_FIRMWARE_VERSION = 223ccf3a3ddb11b3ea829749fbbba4d65b380897
KELAS_WIFI_FIRMWARE_TREE = https://raw.githubusercontent.com/RPi-Distro/firmware-nonfree/$(KELAS_WIFI_FIRMWARE_VERSION)/debian
KELAS_WIFI_FIRMWARE_SITE = $(KELAS_WIFI_FIRMWARE_TREE)/config/brcm80211/cypress
KELAS_WIFI_FIRMWARE_SOURCE = cyfmac43455-sdio-minimal.bin
KELAS_WIFI_FIRMWARE_EXTRA_DOWNLOADS = $(KELAS_WIFI_FIRMWARE_TREE)/copyright
KELAS_WIFI_FIRMWARE_LICENSE = PROPRIETARY (binary-redist-Cypress)
KELAS_WIFI_FIRMWARE_LICENSE_FILES = copyright
# It takes the place of one file of that package.
KELAS_WIFI_FIRMWARE_DEPENDENCIES = brcmfmac_sdio-firmware-rpi

define KELAS_WIFI_FIRMWARE_EXTRACT_CMDS
	cp $(KELAS_WIFI_FIRMWARE_DL_DIR)/$(KELAS_WIFI_FIRMWARE_SOURCE) $(@D)/
	cp $(KELAS_WIFI_FIRMWARE_DL_DIR)/copyright $(@D)/
endef

# The driver asks for the board's own name first (brcmfmac43455-sdio.raspberrypi,4-model-b.bin), so
# the folder with the usual firmware needs all the names.
define KELAS_WIFI_FIRMWARE_INSTALL_TARGET_CMDS
	$(INSTALL) -D -m 0644 $(@D)/$(KELAS_WIFI_FIRMWARE_SOURCE) \
		$(TARGET_DIR)/usr/lib/firmware/cypress/$(KELAS_WIFI_FIRMWARE_SOURCE)
	cd $(TARGET_DIR)/usr/lib/firmware/cypress && \
		{ test -L cyfmac43455-sdio.bin || \
			mv cyfmac43455-sdio.bin cyfmac43455-sdio-standard.bin; } && \
		ln -sf $(KELAS_WIFI_FIRMWARE_SOURCE) cyfmac43455-sdio.bin
	mkdir -p $(TARGET_DIR)/usr/lib/firmware/kelas-standard/brcm
	cd $(TARGET_DIR)/usr/lib/firmware/brcm && \
		for name in brcmfmac43455-sdio*.bin; do \
			ln -sf ../../cypress/cyfmac43455-sdio-standard.bin \
				../kelas-standard/brcm/$$name || exit 1; \
		done
endef

$(eval $(generic-package))
